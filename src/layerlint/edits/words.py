"""Edits to the words of a command, in the form that it is written in: shell text, or the strings of a JSON array."""

from __future__ import annotations

from collections.abc import Sequence

from layerlint.edits.layout import BLANK, line_end, line_start
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.shell.command import Command
from layerlint.shell.word import Word
from layerlint.source.source import Source, Span, decode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.tools.invocation import Option

_CONTINUED = lazy_pattern(rb"( +)[\\`]\r?\n")
# What may stand between two words of a command: white space, continuations and, in an exec form, a comma.
_NOTHING_ELSE = lazy_pattern(rb"(?:%b|[\r\n,])*" % BLANK)


def insert_after(word: Word, option: str, command: Command, source: Source) -> Edit:
    """`option` as a word of its own behind `word`, on a line of its own where the options that follow have theirs.

    Raises `CannotFixError`.
    """
    end = _written(word, command, source).end
    text = f'"{option}"' if command.exec_form else option
    gap = _gap(word, command, source)
    if b"\n" not in gap:
        separator = (decode(gap) or ", ") if command.exec_form else " "
        return Edit(end, end, separator + text)
    following = command.words[_index(word, command) + 1]
    if not _is_option_on_a_line(following, command, source):
        return Edit(end, end, (", " if command.exec_form else " ") + text)
    # A comment line between the two stays with what follows it.
    head, _, tail = gap.partition(b"\n")
    indentation = tail.rpartition(b"\n")[2]
    missing = _lined_up(head + b"\n", end, len(indentation) + len(text), source)
    padding = " " * max(missing, 0)
    return Edit(end, end + max(-missing, 0), decode(head + b"\n" + indentation) + text + padding)


def replace_words(words: Sequence[Word], text: str, command: Command, source: Source) -> Edit:
    """`text` in the place of some words that stand side by side. Raises `CannotFixError`."""
    first, last = _written(words[0], command, source), _written(words[-1], command, source)
    _refuse_comments(source.data[first.start : last.end], words, command)
    return Edit(first.start, last.end, f'"{text}"' if command.exec_form else text)


def remove_words(words: Sequence[Word], command: Command, source: Source) -> Edit:
    """Some words that stand side by side, taken out with what is between them and the word before.

    Raises `CannotFixError`.
    """
    before = command.words[_index(words[0], command) - 1]
    start = _written(before, command, source).end
    first, last = _written(words[0], command, source), _written(words[-1], command, source)
    if not _NOTHING_ELSE.fullmatch(source.data, start, first.start):
        raise CannotFixError("there is a comment between the words")
    _refuse_comments(source.data[first.start : last.end], words, command)
    return Edit(start, last.end, "")


def option_words(option: Option, command: Command) -> tuple[Word, ...]:
    """The word of an option and, where its value is a word of its own, that too. Raises `CannotFixError`."""
    _refuse_other_options(option)
    word, index = option.word, _index(option.word, command)
    alone = option.value is None or "=" in word.value or word.value == f"{option.name}{option.value}"
    return (word,) if alone else (word, command.words[index + 1])


def option_span(option: Option, command: Command) -> Span | None:
    """Where an option stands, with its value; None if not in the file as such. Raises `CannotFixError`."""
    words = option_words(option, command)
    first, last = words[0].span, words[-1].span
    return Span(first.start, last.end) if first is not None and last is not None else None


def _refuse_other_options(option: Option) -> None:
    """Raises `CannotFixError` for an option whose word is others' too: `-xy`."""
    written = option.word.value
    names = {option.name, f"{option.name}{option.value}", f"{option.name}={option.value}"}
    if not written.startswith("--") and written not in names:
        raise CannotFixError(f"{option.name} is written in one word with other options")


def _index(word: Word, command: Command) -> int:
    index = next((index for index, other in enumerate(command.words) if other is word), None)
    if index is None:
        raise CannotFixError("the word is not one of the command's own")
    return index


def _written(word: Word, command: Command, source: Source) -> Span:
    """The word as written, with the quotes of a string."""
    span = word.span
    if span is None:
        raise CannotFixError("the command does not stand in the file as such")
    if word.shared:
        raise CannotFixError("the command comes out of a variable or a pattern, which others may use too")
    if not command.exec_form:
        return span
    if source.data[span.end : span.end + 1] != b'"' or source.data[span.start - 1 : span.start] != b'"':
        raise CannotFixError("the string that holds the command cannot be told from what is around it")
    return Span(span.start - 1, span.end + 1)


def _gap(word: Word, command: Command, source: Source) -> bytes:
    """What stands between `word` and the one behind it; nothing when that is not there or not in the file."""
    index = _index(word, command)
    following = command.words[index + 1] if index + 1 < len(command.words) else None
    if following is None or following.span is None or following.shared:
        return b""
    start, end = _written(word, command, source).end, following.span.start
    return source.data[start : end - 1 if command.exec_form else end]


def _is_option_on_a_line(word: Word, command: Command, source: Source) -> bool:
    """Whether a word is an option with a line for itself, or for itself and its value."""
    if word.span is None or not word.value.startswith("-"):
        return False
    start, end = line_start(source, word.span.start), line_end(source, word.span.start)
    on_line = [other for other in command.words if other.span is not None and start <= other.span.start < end]
    return on_line[0] is word and len(on_line) <= 2


def _lined_up(head: bytes, end: int, width: int, source: Source) -> int:
    """How many spaces a new line of this width lacks for its continuation to stand under that of the line before.

    Negative when it has too many, zero where the continuations are not lined up.
    """
    match = _CONTINUED.match(head)
    if match is None or len(match[1]) == 1:
        return 0
    column = end + len(match[1]) - line_start(source, end)
    return max(column - width, 1) - len(match[1])


def _refuse_comments(written: bytes, words: Sequence[Word], command: Command) -> None:
    """Several words are only replaced together when nothing else stands among them."""
    if len(words) > 1 and b"#" in written:
        raise CannotFixError("there is a comment between the words")
    if command.exec_form and b"\n" in written and len(words) > 1:
        raise CannotFixError("the strings of the command are on several lines")
