"""The patterns of `${x#pattern}`, `${x%pattern}` and `${x/pattern/y}` as Docker matches them.

`*` is any text, `?` any character, a backslash takes their meaning away; there are no brackets. All of it is matched
by following the pattern's positions in parallel, so that no pattern takes more than a step for each of its characters
and each character of the value.
"""

from __future__ import annotations

import enum

# Steps; beyond it a result counts as unknown. Real values and patterns have a few dozen characters.
_MAX_STEPS = 200_000


class _Any(enum.Enum):
    """What matches more than one character."""

    ONE = "?"
    MANY = "*"


_Token = str | _Any


def trim_prefix(value: str, pattern: str, *, longest: bool) -> str | None:
    """`value` without the shortest or longest start that `pattern` matches; None when it cannot be said."""
    tokens = _tokens(pattern)
    if tokens is None or len(value) * len(tokens) > _MAX_STEPS:
        return None
    end = _match_end(value, 0, tokens, longest=longest)
    return value if end is None else value[end:]


def trim_suffix(value: str, pattern: str, *, longest: bool) -> str | None:
    """`value` without the shortest or longest end that `pattern` matches; None when it cannot be said."""
    tokens = _tokens(pattern)
    if tokens is None or len(value) * len(tokens) > _MAX_STEPS:
        return None
    end = _match_end(value[::-1], 0, tokens[::-1], longest=longest)
    return value if end is None else value[: len(value) - end]


def replace(value: str, pattern: str, replacement: str, *, every: bool) -> str | None:
    """`value` with the first match of `pattern`, or with every one, replaced; None when it cannot be said."""
    tokens = _tokens(pattern)
    # Where every match is replaced, Docker reads `$1` in the replacement in a way of its own.
    if tokens is None or (every and "$" in replacement) or len(value) ** 2 * len(tokens) > _MAX_STEPS:
        return None
    parts: list[str] = []
    at = copied = 0
    previous_end = -1
    while at <= len(value):
        end = _match_end(value, at, tokens, longest=True)
        if end is None or (end == at == previous_end):
            at += 1
            continue
        parts += (value[copied:at], replacement)
        copied = previous_end = end
        at = end if end > at else at + 1
        if not every:
            break
    parts.append(value[copied:])
    return "".join(parts)


def _tokens(pattern: str) -> list[_Token] | None:
    """The pattern's parts; None for an escape that Docker refuses."""
    tokens: list[_Token] = []
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            tokens.append(_Any.MANY)
        elif character == "?":
            tokens.append(_Any.ONE)
        elif character == "\\":
            escaped = next(characters, "")
            if escaped not in ("*", "?", "\\", "}", "/"):
                return None
            tokens.append(escaped)
        else:
            tokens.append(character)
    return tokens


def _match_end(value: str, start: int, tokens: list[_Token], *, longest: bool) -> int | None:
    """Where the shortest or longest match of `tokens` that starts at `start` ends."""
    last = len(tokens)
    positions = _after_stars({0}, tokens)
    found = None
    for at in range(start, len(value) + 1):
        if last in positions:
            found = at
            if not longest:
                break
        if not positions or at == len(value):
            break
        character = value[at]
        following = set[int]()
        for position in positions:
            if position == last:
                continue
            token = tokens[position]
            if token is _Any.MANY:
                following.add(position)
            elif token is _Any.ONE or token == character:
                following.add(position + 1)
        positions = _after_stars(following, tokens)
    return found


def _after_stars(positions: set[int], tokens: list[_Token]) -> set[int]:
    """`positions` and those that a star, which may match nothing, lets the match go on from."""
    reached = set(positions)
    for position in positions:
        following = position
        while following < len(tokens) and tokens[following] is _Any.MANY:
            following += 1
            if following in reached:
                break
            reached.add(following)
    return reached
