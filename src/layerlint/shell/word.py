"""A word of a command, after the shell has expanded it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Span, decode
from layerlint.startup.lazy_pattern import lazy_pattern

# Stands in a value for a part that is not known. A shell word can hold every other character.
UNKNOWN = "\0"

# Begins the home directory of a user whose home is not known: the same home each time, wherever it is. The user's name
# or number follows.
HOME_OF = "\1"

# What a byte of an expanded word is: it was quoted, it stood there unquoted, or it came out of an unquoted expansion.
QUOTED, LITERAL, EXPANDED = 0, 1, 2

_SPACE = ord(" ")
_WHITE_SPACE = lazy_pattern(r"\s")
_OUTPUT = lazy_pattern("\0\2[^\3]*\3")


class Unset(Enum):
    """Stands for what has not been worked out yet."""

    UNSET = "unset"


UNSET = Unset.UNSET


def output_of(words: Iterable[str]) -> str:
    """What a command prints: not known, but the same each time that it is asked for by the same words."""
    # Without white space, at which an unquoted substitution would be split.
    written = _WHITE_SPACE.sub("_", "\4".join(words))
    return f"{UNKNOWN}\2{written}\3"


def is_rooted(path: str) -> bool:
    """Whether a path does not depend on the current directory, as far as can be known."""
    return path.startswith(("/", HOME_OF, UNKNOWN))


def shown(value: str) -> str:
    """A value for people: `~1000` for a home that is not known, an ellipsis for what is not."""
    if value.isprintable():
        return value
    return _OUTPUT.sub("…", value).replace(HOME_OF, "~").replace(UNKNOWN, "…")


def is_known(value: str | None) -> bool:
    """Whether a value is set and every part of it is known."""
    return value is not None and UNKNOWN not in value


@lru_cache(maxsize=4096)  # the same few names come again and again, and each is asked for several times
def program_name(path: str) -> str:
    """The name of a program without its path, and without the ending that programs have on Windows."""
    return path.rpartition("/")[2].removesuffix(".exe").removesuffix(".EXE")


class Word:
    """What a command gets as one argument.

    `value` is the argument as text, with `UNKNOWN` for what is not known of it. `text` is the same with the place of
    each byte; `span` is the word as written, quotes included, None when it is nowhere in the file. `glob` is the value
    as a pattern, with the characters that were quoted escaped by a backslash, when it holds active `*`, `?` or `[`;
    otherwise None. `quoted` says whether any part was in quotes or escaped. `shared` says that the written word became
    several, so that an edit to it changes the others too. Nothing of a word changes once it is made.
    """

    # Most words are plain, and nobody asks for their places: those are worked out when they are asked for.
    __slots__ = ("_end", "_script", "_span", "_start", "glob", "quoted", "shared", "value")

    def __init__(
        self,
        text: MappedText,
        span: Span | None,
        glob: str | None = None,
        *,
        quoted: bool = False,
        shared: bool = False,
    ) -> None:
        self.value = decode(text.data)
        self.glob = glob
        self.quoted = quoted
        self.shared = shared
        self._script, self._start, self._end = text, 0, len(text.data)
        self._span: Span | Unset | None = span

    @classmethod
    def plain(cls, value: str, script: MappedText, start: int, end: int, *, is_glob: bool = False) -> Word:
        """`value`, which stands in the bytes of a script from `start` up to `end`; with `is_glob` it is a pattern."""
        word = cls.__new__(cls)
        word.value = value
        word.glob, word.quoted, word.shared = value if is_glob else None, False, False
        word._script, word._start, word._end = script, start, end
        word._span = UNSET
        return word

    @property
    def text(self) -> MappedText:
        """The value with the place of each byte."""
        if self._end - self._start == len(self._script.data):
            return self._script
        return self._script.slice(self._start, self._end)

    @property
    def span(self) -> Span | None:
        """The word as written, None when it is nowhere in the file."""
        if isinstance(self._span, Unset):
            self._span = self._script.source_span(self._start, self._end)
        return self._span

    @property
    def known(self) -> bool:
        """Whether all of the value is known."""
        return UNKNOWN not in self.value

    def __repr__(self) -> str:
        return f"Word({self.value!r})"

    def without_pattern(self) -> Word:
        """The word as it is where nothing makes the names of files of it."""
        return Word(self.text, self.span, quoted=self.quoted, shared=self.shared)

    def is_in_front_of(self, other: Word) -> bool:
        """Whether both are of one script, with one space between."""
        script, end = self._script, self._end
        return script is other._script and end + 1 == other._start and script.data[end] == _SPACE


def joined(words: Sequence[Word]) -> MappedText:
    """The words with a space between each and the next."""
    if words and all(one.is_in_front_of(other) for one, other in pairwise(words)):
        first, last = words[0], words[-1]
        return first._script.slice(first._start, last._end)
    space = MappedText.unmapped(b" ")
    return MappedText.join([part for word in words for part in (word.text, space)][:-1])
