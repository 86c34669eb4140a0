r"""layerlint says whether building a Dockerfile leaves a package manager's cache in the image.

    >>> import layerlint
    >>> for finding in layerlint.check("FROM python:3.12\nRUN pip install flask\n").findings:
    ...     print(finding.line, finding.column, finding.rule)
    2 5 PIP001

What can be imported from here is what the library promises; everything below is its own affair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerlint.errors import UserError
    from layerlint.finding import Safety, Severity
    from layerlint.library import Edit, Finding, Fix, ParseError, Region, Related, Result, check
    from layerlint.version import VERSION

    __version__ = VERSION

__all__ = [
    "Edit",
    "Finding",
    "Fix",
    "ParseError",
    "Region",
    "Related",
    "Result",
    "Safety",
    "Severity",
    "UserError",
    "__version__",
    "check",
]


def __getattr__(name: str) -> object:
    """The library, once something of it is wanted: the command line has no use for it and would pay for it."""
    if name == "__version__":
        from layerlint.version import VERSION

        return VERSION
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from layerlint import library

    return getattr(library, name)
