"""Bracket expressions of .gitignore that name a class of characters, as `[[:digit:]_]`, written without the name.

pathspec takes them for something else, and Python warns of what it makes of them. What they mean is what git's
wildmatch.c says: the classes are those of ASCII, and an expression with a name that there is not matches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

Interval = tuple[int, int]
"""The first and the last of the characters."""

_CLASSES = {
    name: tuple((ord(part[0]), ord(part[-1])) for part in parts)
    for name, parts in {
        "alnum": ("09", "AZ", "az"),
        "alpha": ("AZ", "az"),
        "blank": ("\t", " "),
        "cntrl": ("\0\x1f", "\x7f"),
        "digit": ("09",),
        "graph": ("!~",),
        "lower": ("az",),
        "print": (" ~",),
        "punct": ("!/", ":@", "[`", "{~"),
        "space": ("\t\n", "\r", " "),
        "upper": ("AZ",),
        "xdigit": ("09", "AF", "af"),
    }.items()
}
# What cannot stand just anywhere among others; a slash is never matched, and pathspec takes it for the end of a name.
_SPECIAL = "!-/]^"


def without_classes(pattern: str) -> str:
    """`pattern`, whose bracket expressions name no classes any more. Raises ValueError for what is not one."""
    if "[:" not in pattern:
        return pattern
    written: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "[":
            expression, at = _read(pattern, at + 1)
            written.append(expression)
        else:
            end = at + 2 if pattern[at] == "\\" else at + 1
            written.append(pattern[at:end])
            at = end
    return "".join(written)


def _read(pattern: str, start: int) -> tuple[str, int]:
    """The bracket expression that begins before `start`, rewritten, and where what follows it begins."""
    is_negated = pattern[start : start + 1] in ("!", "^")
    first = at = start + is_negated
    found: list[Interval] = []
    before: int | None = None  # the character that a range may begin with
    while at == first or pattern[at : at + 1] != "]":
        if pattern.startswith("[:", at) and (end := pattern.find("]", at + 2)) > at + 2 and pattern[end - 1] == ":":
            found += _class(pattern[at + 2 : end - 1])
            before, at = None, end + 1
        elif pattern[at : at + 1] == "-" and before is not None and pattern[at + 1 : at + 2] not in ("", "]"):
            last, at = _character(pattern, at + 1)
            found.append((before, last))
            before = None
        else:
            before, at = _character(pattern, at)
            found.append((before, before))
    return f"[{'!' if is_negated else ''}{_written(found)}]", at + 1


def _class(name: str) -> tuple[Interval, ...]:
    if name not in _CLASSES:
        raise ValueError(f"there is no class of characters {name}")
    return _CLASSES[name]


def _character(pattern: str, at: int) -> tuple[int, int]:
    """The character at a place, which a backslash may stand before, and where the next one is."""
    at += pattern[at : at + 1] == "\\"
    if at >= len(pattern):
        raise ValueError("a bracket expression has no end")
    return ord(pattern[at]), at + 1


def _written(found: list[Interval]) -> str:
    """The characters, each once, in the one order in which none of them means anything else."""
    specials = {char for char in _SPECIAL if any(first <= ord(char) <= last for first, last in found)}
    plain = "".join(map(_interval, _without_specials(sorted(found))))
    return "".join(
        ("]" if "]" in specials else "", plain, *(char for char in "!^-" if char in specials)),
    )


def _interval(interval: Interval) -> str:
    first, last = map(chr, interval)
    return first if first == last else f"{first}-{last}"


def _without_specials(found: list[Interval]) -> Iterator[Interval]:
    """What is `found`, sorted, without overlaps and without special characters."""
    after = 0
    for start, last in found:
        first = max(start, after)
        for special in map(ord, _SPECIAL):
            if first <= special <= last:
                if first < special:
                    yield first, special - 1
                first = special + 1
        if first <= last:
            yield first, last
        after = max(after, last + 1)
