"""`re.compile` for the patterns of a module: compiled when it is first used. A small run uses few of them.

Compiling them all takes as long as importing the modules that they stand in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as lazy_pattern

    __all__ = ["lazy_pattern"]
else:

    class lazy_pattern:  # noqa: N801 (it stands for a function)
        """A pattern as `re.compile` gives it, compiled when something is first asked of it."""

        def __init__(self, text: str | bytes, flags: int = 0) -> None:
            self._arguments = (text, flags)

        def __getattr__(self, name: str) -> Any:
            """A method or a value of the compiled pattern, kept, so that the next who asks finds it at once."""
            value = getattr(re.compile(*self._arguments), name)
            setattr(self, name, value)
            return value
