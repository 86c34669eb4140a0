"""What a command prints, for the few that print what they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from layerlint.mapped_text import MappedText
from layerlint.shell.command import Command, Redirection
from layerlint.shell.word import Word
from layerlint.source import decode, encode

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CONVERSION = re.compile(r"%(?:%|[-0-9.]*([a-zA-Z]))")
_ECHO_OPTIONS = frozenset({"-n", "-e", "-ne", "-en", "-E"})
_SPACE, _NEWLINE = MappedText.unmapped(b" "), MappedText.unmapped(b"\n")


def printed(command: Command) -> MappedText | None:
    """What a command prints, with its places where it stands in the file; None when it is not known."""
    words = command.words[1:]
    if not all(word.known for word in words):
        return None
    if command.name == "echo":
        return _echoed(words, command.shell)
    if command.name == "printf":
        words = words[1:] if words and words[0].value == "--" else words
        return _formatted(words) if words else None
    if command.name == "cat" and not words:
        return document_of(command.redirections)
    return None


def document_of(redirections: Sequence[Redirection]) -> MappedText | None:
    """The here-document that a command reads, if it reads one: the last."""
    return next((item.document for item in reversed(redirections) if item.document is not None), None)


def _echoed(words: Sequence[Word], shell: str) -> MappedText:
    """As the shell's echo prints it: bash's leaves escapes alone without `-e`, the others do not."""
    options: list[str] = []
    while words and words[0].value in _ECHO_OPTIONS:
        options.append(words[0].value)
        words = words[1:]
    parts = [part for word in words for part in (word.text, _SPACE)][:-1]
    if not any("n" in option for option in options):
        parts.append(_NEWLINE)
    text = MappedText.join(parts)
    escapes = shell != "bash" or any("e" in option for option in options)
    if escapes and b"\\" in text.data:
        return MappedText.unmapped(encode(_unescaped(decode(text.data))))
    return text


def _formatted(words: Sequence[Word]) -> MappedText:
    """As printf prints it, the format used again while there are arguments."""
    written = words[0].value
    if "%" not in written and "\\" not in written:
        return words[0].text
    text, arguments = _unescaped(written), [word.value for word in words[1:]]
    pieces: list[str] = []
    for _ in range(max(1, len(arguments))):
        values = iter(arguments)
        used = sum(1 for match in _CONVERSION.finditer(text) if match[1] is not None)
        pieces.append(_CONVERSION.sub(partial(_converted, values), text))
        arguments = arguments[used:]
        if not arguments or not used:
            break
    return MappedText.unmapped(encode("".join(pieces)))


def _converted(values: Iterator[str], match: re.Match[str]) -> str:
    letter = match[1]
    if letter is None:
        return "%"
    value = next(values, "")
    return _unescaped(value) if letter == "b" else value


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[0]), text)
