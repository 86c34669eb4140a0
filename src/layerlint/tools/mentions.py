"""Whether a text names a program at all, found out in a fraction of the time that reading it takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from layerlint.globs.name_glob import is_glob, literal_start
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

_WITHOUT_QUOTES = str.maketrans("", "", "\\'\"")
# Quotes and escapes inside of a name do not change it: `p\ip`, `"p"ip`.
_QUOTED_INSIDE = lazy_pattern(r"[\\'\"](?<=[a-z0-9_].)[\\'\"]*[a-z0-9_-]")


@dataclass(frozen=True, slots=True)
class SearchedText:
    """A text as names are looked for in it: in small letters, a character a byte.

    `unquoted` is it without quotes and escapes, empty where none stands inside of a word.
    """

    written: str
    unquoted: str

    @classmethod
    def of(cls, data: bytes) -> SearchedText:
        """A text from its bytes."""
        written = _a_character_a_byte(data.lower())
        return cls(written, written.translate(_WITHOUT_QUOTES) if _QUOTED_INSIDE.search(written) else "")

    def part(self, data: bytes) -> SearchedText:
        """A text whose bytes stand in this one."""
        return SearchedText.of(data) if self.unquoted else SearchedText(_a_character_a_byte(data.lower()), "")


class Mentions:
    """Finds the names of some programs in any text. A program that is not named there is taken for not called there.

    A script may call one all the same, by a name that it puts together (`${P}ip`), decodes or has printed: those are
    not found.

    A name counts in any case of letters, since a variable (`$PIP`) is named after what it holds; behind anything but a
    letter or digit, or as the value of an option (`-mpip`); and in front of anything but a letter or digit.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """`names` are globs for the names of programs or files, without paths."""
        names = {_a_character_a_byte(name.lower().encode()) for name in names}
        # The fixed beginning of a glob is enough: a word that lacks it cannot match the glob.
        stems = {literal_start(name) for name in names if is_glob(name)}
        exact = {name for name in names if not is_glob(name) and not name.startswith(tuple(stems))}
        everything = stems | exact
        # A text without any of these has none of the names, which is much faster found out. Each is in some of them.
        self._inside = tuple(
            name for name in sorted(everything) if not any(other in name for other in everything if other != name)
        )
        self._stems, self._exact = stems, exact
        self._pattern = cache(self._pattern_of)

    def _pattern_of(self, inside: str) -> re.Pattern[str]:
        """The pattern for the names that have `inside` in them. Most runs need few, and compiling all takes a while."""
        stems, exact = ({name for name in names if inside in name} for names in (self._stems, self._exact))
        return re.compile(_any_of(stems, exact), re.ASCII)

    def candidates(self, text: SearchedText) -> Sequence[str]:
        """The names that are anywhere in a text, also inside of other words. No part of the text has any others."""
        # What is in it as written is also in it without quotes.
        whole = text.unquoted or text.written
        return [name for name in self._inside if name in whole]

    def __call__(self, text: SearchedText, candidates: Sequence[str] | None = None) -> bool:
        """Whether a text names one of the programs; `candidates` are those of a text that it is a part of."""
        among = self._inside if candidates is None else candidates
        return self._names_one(text.written, among) or (text.unquoted != "" and self._names_one(text.unquoted, among))

    def _names_one(self, text: str, among: Sequence[str]) -> bool:
        for name in among:  # noqa: SIM110 (the generator of an `any` takes longer than the looking)
            if name in text and self._pattern(name).search(text) is not None:
                return True
        return False


def _a_character_a_byte(data: bytes) -> str:
    """Bytes as text: to look for text in text takes a fraction of what looking for bytes in bytes does."""
    return data.decode("latin-1")


def _any_of(stems: set[str], exact: set[str]) -> str:
    names = {re.escape(stem): stem for stem in sorted(stems)}
    names |= {rf"{re.escape(name)}(?![a-z0-9])": name for name in sorted(exact)}
    # What stands in front of a name is looked at last: texts are searched by the first letters of names.
    in_front = (rf"{pattern}(?<![a-z0-9]{re.escape(name)})" for pattern, name in names.items())
    return rf"{'|'.join(in_front)}|-[a-z]{{1,8}}(?:{'|'.join(names)})"
