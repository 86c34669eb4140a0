"""Where the keys and values of a TOML text are, and what in it the standard library's reader should not be given.

That reader gives the data without places. For each part of a dotted key it remembers all those in front of it, so that
20,000 dots take gigabytes; and of a long number it says that it is wrong, and not where.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

from layerlint.documents.positions import MAX_DEPTH, KeyPath, Place
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

_TOKEN = lazy_pattern(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[^\s\"'\#\[\]{},=.]+"
    r"|[\[\]{},=.\n]",
    re.DOTALL,
)
_SEPARATORS = frozenset("[]{},=\n")
_MAX_DIGITS = 1000
_NUMBER = lazy_pattern(r"[-+]?[0-9]")


def too_much_for_toml(text: str) -> tuple[str, int, int] | None:
    """What no person writes, and the reader should not be given: what it is, and its line and column; or None.

    It is a key of more than `MAX_DEPTH` parts or a number of more than a thousand digits. `text` may be anything.
    """
    lines = text.split("\n")
    if all(line.count(".") <= MAX_DEPTH and len(line) <= _MAX_DIGITS for line in lines):
        return None
    start, dots, after_dot = 0, 0, False
    for match in _TOKEN.finditer(text):
        symbol = match.group()
        if symbol == ".":
            dots, after_dot = dots + 1, True
        elif symbol in _SEPARATORS:
            dots, after_dot = 0, False
        else:
            if not after_dot:
                start, dots = match.start(), 0
            after_dot = False
            if len(symbol) > _MAX_DIGITS and _NUMBER.match(symbol):
                return f"a number has more than {_MAX_DIGITS:,} digits", *_position(text, match.start())
        if dots >= MAX_DEPTH:
            return f"a key has more than {MAX_DEPTH} parts", *_position(text, start)
    return None


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def toml_places(text: str) -> Mapping[KeyPath, Place]:
    """The places of every key and value in `text`, which must be valid TOML. Linear in its length.

    What is more than `MAX_DEPTH` tables and lists deep has the place of what it is in, and what stands in an array
    of tables (`[[x]]`) that of the table's name.
    """
    scanner = _Scanner()
    for match in _TOKEN.finditer(text):
        if not match.group().startswith("#"):
            scanner.take(match.group(), match.start())
    starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def position(offset: int) -> tuple[int, int]:
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    return {location: Place(position(key), position(value)) for location, (key, value) in scanner.places.items()}


@dataclass(slots=True)
class _Frame:
    """A table (bracket ``), an inline table (`{`) or an array (`[`), and what comes next in it: key, value, after."""

    location: KeyPath
    bracket: str
    state: str = "key"
    index: int = 0


class _Scanner:
    """Takes one symbol after another; `places` holds the offsets of keys and values."""

    def __init__(self) -> None:
        self.places: dict[KeyPath, tuple[int, int]] = {(): (0, 0)}
        self.stack = [_Frame((), "")]
        self.key: list[str] = []
        self.key_offset = 0
        self.header = False

    def take(self, symbol: str, offset: int) -> None:
        frame = self.stack[-1]
        if self.header:
            self.in_header(symbol, offset)
        elif frame.state == "key":
            self.in_key(frame, symbol, offset)
        elif frame.state == "value":
            self.in_value(frame, symbol, offset)
        elif symbol in ("]", "}"):
            self.close()
        elif (symbol == "\n" and not frame.bracket) or (symbol == "," and frame.bracket):
            frame.state = "value" if frame.bracket == "[" else "key"
            frame.index += 1

    def in_header(self, symbol: str, offset: int) -> None:
        if symbol == "]" and self.key:
            self.header = False
            self.add_places(())
            self.stack = [_Frame(self.below((), *self.key), "", "after")]
            self.key = []
        elif symbol not in "[].":
            self.add_key(symbol, offset)

    def in_key(self, frame: _Frame, symbol: str, offset: int) -> None:
        if symbol == "[":
            self.header = True
        elif symbol == "}":
            self.close()
        elif symbol == "=":
            self.add_places(frame.location)
            frame.state = "value"
        elif symbol not in ".\n":
            self.add_key(symbol, offset)

    def in_value(self, frame: _Frame, symbol: str, offset: int) -> None:
        if symbol == "\n":
            return
        if symbol == "]":
            self.close()
            return
        if frame.bracket == "[":
            location = self.below(frame.location, frame.index)
            self.places.setdefault(location, (offset, offset))
        else:
            location = self.below(frame.location, *self.key)
            if location != frame.location:
                self.places[location] = (self.places[location][0], offset)
            self.key = []
        frame.state = "after"
        if symbol in ("[", "{"):
            self.stack.append(_Frame(location, symbol, "value" if symbol == "[" else "key"))

    def add_key(self, symbol: str, offset: int) -> None:
        if not self.key:
            self.key_offset = offset
        self.key.append(str(tomllib.loads(f"key = {symbol}")["key"]) if symbol[0] in "\"'" else symbol)

    def add_places(self, location: KeyPath) -> None:
        """A dotted key names each of its parts, unless something has before."""
        for part in self.key:
            location = self.below(location, part)
            self.places.setdefault(location, (self.key_offset, self.key_offset))

    def below(self, location: KeyPath, *parts: str | int) -> KeyPath:
        """Where `parts` lead to. Places that are deeper than anybody asks for would take more memory than there is."""
        return (*location, *parts)[: max(MAX_DEPTH, len(location))]

    def close(self) -> None:
        if len(self.stack) > 1:
            self.stack.pop()
