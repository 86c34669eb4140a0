"""Where the keys and values of a TOML text are. The standard library's reader gives the data without places."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

from layerlint.lazy_pattern import lazy_pattern
from layerlint.positions import KeyPath, Place
from layerlint.quick_dataclass import dataclass

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


def toml_places(text: str) -> Mapping[KeyPath, Place]:
    """The places of every key and value in `text`, which must be valid TOML. Linear in its length.

    What stands in an array of tables (`[[x]]`) has the place of the table's name.
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
            self.stack = [_Frame(tuple(self.key), "", "after")]
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
            location: KeyPath = (*frame.location, frame.index)
            self.places.setdefault(location, (offset, offset))
        else:
            location = (*frame.location, *self.key)
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
            location = (*location, part)
            self.places.setdefault(location, (self.key_offset, self.key_offset))

    def close(self) -> None:
        if len(self.stack) > 1:
            self.stack.pop()
