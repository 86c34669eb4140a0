"""The names in braces that a rule's texts may use, and filling them in. Names only: nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping

NAMES = frozenset(
    {
        "command", "directory", "cache", "user", "owner", "mount", "variable", "value", "setting", "option", "removal",
        "suppression",
    }
)  # fmt: skip

_NAME = re.compile(r"\{([^{}]*)\}")


def unknown_names(template: str) -> list[str]:
    """The names in a text's braces that there are not."""
    return [name for name in _NAME.findall(template) if name not in NAMES]


def fill(template: str, values: Mapping[str, str]) -> str:
    """The text with the names in braces replaced; one that has no value stays as it is."""
    return _NAME.sub(lambda match: values.get(match[1], match[0]), template)
