"""Text from a Dockerfile as Markdown that says nothing else.

A word is printed as it is only if it is plain: letters, or a short number. All else becomes code, in which GitHub and
GitLab see no link, no picture, no HTML, no mention, no reference to an issue or a commit and no emoji. Escaping would
not do: both look for mentions after they have taken the escapes off.
"""

from __future__ import annotations

import re

from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.visible import visible

# What stands between spaces, except that a pair of backticks may hold spaces.
_UNIT = lazy_pattern(r"(?:`[^`]+`|[^\s`]|`)+")
_QUOTED = lazy_pattern(r"`([^`]+)`((?:'s)?)")
_BEFORE, _BEHIND = "(\"'", ")\"'.,;:!?"
# What could be the start of a commit's id is not.
_PLAIN = lazy_pattern(r"(?![A-Fa-f]{7})[A-Za-z]+(?:['-][A-Za-z]+)*|[0-9]{1,6}")
_BAR = lazy_pattern(r"(\\*)\|")


def markdown(text: str) -> str:
    """`text` on one line for a cell of a table; what was in backticks, and what is not plain, as code."""
    return _UNIT.sub(_unit, " ".join(visible(text, keep="\n").split()))


def _unit(match: re.Match[str]) -> str:
    unit = match[0]
    rest = unit.lstrip(_BEFORE)
    word = rest.rstrip(_BEHIND)
    if not word or _PLAIN.fullmatch(word):
        return unit
    before, behind = unit[: len(unit) - len(rest)], rest[len(word) :]
    if quoted := _QUOTED.fullmatch(word):
        return f"{before}{code(quoted[1])}{quoted[2]}{behind}"
    return f"{before}{code(word)}{behind}"


def code(text: str) -> str:
    """`text`, which is visible and on one line, as code; nothing stays nothing."""
    if not text:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{_BAR.sub(_escaped_bar, text)}{space}{fence}"


def _escaped_bar(match: re.Match[str]) -> str:
    """A bar that does not end a table's cell, for which code is no obstacle.

    A backslash before it would be taken for the escape of another: such are made even in number.
    """
    backslashes = match[1] + "\\" * (len(match[1]) % 2)
    return f"{backslashes}\\|"
