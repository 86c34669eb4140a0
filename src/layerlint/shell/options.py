"""A program's options as getopt reads them.

Letters may share a word (`-euxo pipefail`, `-lc "..."`), the last of which may take a value; a value is the next word
or attached (`-uroot`, `-mpip`, `--user=root`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field

from layerlint.shell.word import Word
from layerlint.source.source import encode
from layerlint.startup.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """The options that are given, with their dashes, and the words that are neither options nor their values.

    Each option has its values in order, None for each time that it is given without one.
    """

    given: Mapping[str, tuple[Word | None, ...]] = field(default_factory=dict)
    rest: tuple[Word, ...] = ()

    def last(self, names: Collection[str]) -> Word | None:
        """The last value of the last of these options that has one."""
        values = self.all(names)
        return values[-1] if values else None

    def all(self, names: Collection[str]) -> tuple[Word, ...]:
        """The values of these options, those of the first one first."""
        if not self.given:
            return ()
        return tuple([value for name in names for value in self.given.get(name, ()) if value is not None])

    def any(self, names: Collection[str]) -> bool:
        """Whether one of these options is given."""
        return any(name in self.given for name in names)


def read_options(words: Sequence[Word], with_value: Collection[str]) -> Options:
    """The options anywhere among a program's words up to `--`; `with_value` are those that take a value."""
    given: dict[str, tuple[Word | None, ...]] = {}
    rest: list[Word] = []
    following = iter(words)
    for word in following:
        value = word.value
        if value == "--":
            rest += following
        elif not value.startswith("-") or value == "-":
            rest.append(word)
        else:
            for name, attached in options_in(word, with_value):
                found = attached
                if found is None and name in with_value:
                    found = next(following, None)
                given[name] = (*given.get(name, ()), found)
    return Options(given, tuple(rest))


def options_in(word: Word, with_value: Collection[str]) -> Iterator[tuple[str, Word | None]]:
    """The options in a word that begins with a dash, each with its value when that is attached."""
    value = word.value
    if value.startswith("--"):
        name, equals, _ = value.partition("=")
        yield name, _tail(word, len(encode(name)) + 1) if equals else None
        return
    if value == "-" or value in with_value:
        yield value, None
        return
    for index, letter in enumerate(value[1:], start=1):
        name = f"-{letter}"
        if name in with_value and index + 1 < len(value):
            yield name, _tail(word, len(encode(value[: index + 1])))
            return
        yield name, None


def _tail(word: Word, start: int) -> Word:
    text = word.text.slice(start, len(word.text.data))
    span = text.source_span(0, len(text.data)) if text.data else None
    return Word(text, span, quoted=word.quoted)
