"""What a command prints, for the few that print what they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from layerlint.shell.command import Command, Redirection
from layerlint.shell.word import Word, is_known, joined
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import decode, encode
from layerlint.startup.lazy_pattern import lazy_pattern

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = lazy_pattern(r"\\(.)", re.DOTALL)
# These shells read differently, or they stand for bytes by their numbers.
_OTHER_ESCAPES = frozenset("01234567cxuUeE")
_CONVERSION = lazy_pattern(r"%(.?)", re.DOTALL)
_CONVERSIONS = frozenset("sb%")
_ECHO_OPTIONS = lazy_pattern("-[neE]+")
_NEWLINE = MappedText.unmapped(b"\n")


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


def fetched_name(command: Command) -> str:
    """The name of the file whose URL a program (`curl`) is given, or of the server if that is all the URL says.

    Empty where there is none, or it is not known.
    """
    url = next((word.value for word in command.words[1:] if "://" in word.value), "")
    name = re.split("[?#]", url, maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    return name if is_known(name) else ""


def document_of(redirections: Sequence[Redirection]) -> MappedText | None:
    """The here-document that a command reads, if it reads one: the last."""
    return next((item.document for item in reversed(redirections) if item.document is not None), None)


def _echoed(words: Sequence[Word], shell: str) -> MappedText | None:
    """As the shell's echo prints it: bash's leaves escapes alone without `-e`, the others do not."""
    options = ""
    while words and _ECHO_OPTIONS.fullmatch(words[0].value):
        options += words[0].value
        words = words[1:]
    text = joined(words) if "n" in options else MappedText.join([joined(words), _NEWLINE])
    if (shell == "bash" and "e" not in options) or b"\\" not in text.data:
        return text
    return _unmapped(_unescaped(decode(text.data)))


def _formatted(words: Sequence[Word]) -> MappedText | None:
    """As printf prints it, the format used again while there are arguments."""
    written = words[0].value
    if "%" not in written and "\\" not in written:
        return words[0].text
    text, arguments = _unescaped(written), [word.value for word in words[1:]]
    conversions = _CONVERSION.findall(text or "")
    if text is None or not _CONVERSIONS.issuperset(conversions):
        return None
    if "b" in conversions and any(_unescaped(argument) is None for argument in arguments):
        return None
    used = len(conversions) - conversions.count("%")
    pieces: list[str] = []
    for _ in range(max(1, len(arguments))):
        values = iter(arguments)
        pieces.append(_CONVERSION.sub(partial(_converted, values), text))
        arguments = arguments[used:]
        if not arguments or not used:
            break
    return _unmapped("".join(pieces))


def _converted(values: Iterator[str], match: re.Match[str]) -> str:
    if match[1] == "%":
        return "%"
    value = next(values, "")
    return _unescaped(value) or "" if match[1] == "b" else value


def _unmapped(text: str | None) -> MappedText | None:
    return None if text is None else MappedText.unmapped(encode(text))


def _unescaped(text: str) -> str | None:
    """The text with its escapes replaced, None if it has one of which it is not known what it becomes."""
    if any(match[1] in _OTHER_ESCAPES for match in _ESCAPE.finditer(text)):
        return None
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[0]), text)
