"""A word as written to the words that the command gets: quotes, variables, tilde, braces, splitting.

POSIX.1 (Shell Command Language, 2.6 Word Expansions) and, for braces and `$'...'`, the Bash manual. The written word is
first turned into its bytes and a class for each of them; everything after works on those.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from layerlint.dockerfile.words import expand
from layerlint.shell.braces import alternatives
from layerlint.shell.state import State
from layerlint.shell.syntax import NotFollowedError
from layerlint.shell.word import EXPANDED, LITERAL, QUOTED, UNKNOWN, Word
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Span, decode, encode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

_ALL_ARGUMENTS = frozenset({b'"$@"', b"$@", b"$*", b'"${@}"', b"${@}"})
_VARIABLE = lazy_pattern(rb"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
_IN_DOCUMENT = lazy_pattern(rb"\\([$`\\\n])|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})|[$`]")
_DEFAULT = lazy_pattern(r"\$\{([A-Za-z_]\w*)(:?)([-=])(.*)\}", re.DOTALL)
# An expansion that is more than the value of a variable, if it is one: the grammar knows where it ends.
_NEEDS_GRAMMAR = lazy_pattern(rb"\$(?![A-Za-z_]|\{[A-Za-z_]\w*\})|`|[<>]\(")
_SPECIAL = lazy_pattern(rb"[\\'\"$`~{}\[<>]")
_UNQUOTED_STOP = lazy_pattern(rb"[\\'\"$`]|[<>]\(")
_GLOB = lazy_pattern(rb"[*?\[]")
_BLANK = lazy_pattern(rb"[ \t\n]")
# A word that is all in quotes and has nothing in them that does not stand for itself.
_QUOTED = lazy_pattern(rb"'[^']*+'|\"[^\"\\$`]*+\"")
_DOUBLE_QUOTED_STOP = lazy_pattern(rb'[\\"$`]')
_EXPANSIONS = frozenset(
    {"simple_expansion", "expansion", "command_substitution", "arithmetic_expansion", "process_substitution"}
)
_ANSI_ESCAPE = lazy_pattern(rb"\\(?:([abefnrtv\\'\"?])|x([0-9a-fA-F]{1,2})|([0-7]{1,3}))", re.DOTALL)
_ANSI_VALUES = dict(zip(b"abefnrtv\\'\"?", b"\a\b\x1b\f\n\r\t\v\\'\"?", strict=True))

MAX_WORD_LENGTH = 1_000_000
"""In bytes, what a word may become: more than any system takes as one (Linux, MAX_ARG_STRLEN: 131,072)."""

Substitute = Callable[["Node"], str]
"""Runs the commands of a `$(...)` and says what it prints, `UNKNOWN` if that is not known."""


class WordTooLongError(NotFollowedError):
    """A word becomes longer than `MAX_WORD_LENGTH`."""

    def __init__(self, span: Span | None) -> None:
        super().__init__(f"This becomes a word of more than {MAX_WORD_LENGTH:,} bytes, which is not followed.", span)


class WrittenWord:
    """A written word with nothing in it that needs the grammar, by its bytes in a text."""

    __slots__ = ("end_byte", "start_byte")

    def __init__(self, start_byte: int, end_byte: int) -> None:
        self.start_byte = start_byte
        self.end_byte = end_byte


@dataclass(frozen=True, slots=True)
class _Expanded:
    """A written word as bytes with a class each; `seen` is whether quotes make it a word even when empty."""

    text: MappedText
    classes: bytes
    seen: bool


def plain_word(node: Node | WrittenWord, text: MappedText) -> Word | None:
    """The written word `node` of `text` if it stands for itself, as most do; None if there is something to expand."""
    start, end = node.start_byte, node.end_byte
    if _SPECIAL.search(text.data, start, end):
        return None
    value = decode(text.data[start:end])
    return Word.plain(value, text, start, end, is_glob="*" in value or "?" in value)


def expand_word(node: Node | WrittenWord, text: MappedText, state: State, substitute: Substitute) -> list[Word]:
    """The words that the written word `node` of `text` becomes: one as a rule, none or several after splitting."""
    plain = plain_word(node, text)
    if plain is not None:
        return [plain]
    start, end = node.start_byte, node.end_byte
    span = text.source_span(start, end)
    if _QUOTED.fullmatch(text.data, start, end):
        return [Word(text.slice(start + 1, end - 1), span, quoted=True)]
    if text.data[start:end] in _ALL_ARGUMENTS and state.arguments is not None:
        return [Word(MappedText.unmapped(encode(value)), span, shared=True) for value in state.arguments]
    expanded = _remove_quotes(node, text, state, substitute)
    data, classes = expanded.text.data, expanded.classes
    words = [
        _make_word(expanded, ranges, span, state)
        for braced in (alternatives(data, classes) if state.has_extensions else [_whole(expanded)])
        for ranges in _split_fields(expanded, braced)
    ]
    if len(words) > 1:
        words = [Word(word.text, word.span, word.glob, quoted=word.quoted, shared=True) for word in words]
    return words


def expand_value(node: Node | WrittenWord, text: MappedText, state: State, substitute: Substitute) -> str:
    """What the written word `node` is as the value of an assignment: expanded, not split; `UNKNOWN` where unknown."""
    expanded = _remove_quotes(node, text, state, substitute)
    data, _ = _expand_tilde(expanded.text, expanded.classes, state)
    return decode(data.data)


def _whole(expanded: _Expanded) -> list[tuple[int, int]]:
    return [(0, len(expanded.text.data))]


def expand_document(body: Node, text: MappedText, state: State, substitute: Substitute) -> MappedText:
    """A here-document whose delimiter is not quoted, as its reader gets it (POSIX.1, 2.7.4).

    Raises `WordTooLongError`.
    """
    data, offset, end = text.data, body.start_byte, body.end_byte
    if not _IN_DOCUMENT.search(data, offset, end):
        return text.slice(offset, end)
    expansions = {each.start_byte: each for each in _expansions(body)}
    parts = _Parts(text.source_span(offset, end))
    for match in _IN_DOCUMENT.finditer(data, offset, end):
        escaped, name, expansion = match[1], match[2] or match[3], expansions.get(match.start())
        if match.start() < offset or (escaped is None and name is None and expansion is None):
            continue  # inside of an expansion, or nothing
        parts.add(text.slice(offset, match.start()), QUOTED)
        offset = match.end()
        if name is not None:
            parts.add(MappedText.unmapped(encode(state.value(decode(name)))), QUOTED)
        elif expansion is not None:
            value = _expansion_value(expansion, text, state, substitute, quoted=True)
            parts.add(MappedText.unmapped(encode(value)), QUOTED)
            offset = expansion.end_byte
        elif escaped != b"\n":
            parts.add(text.slice(*match.span(1)), QUOTED)
    parts.add(text.slice(offset, end), QUOTED)
    return parts.together(seen=True).text


def _expansions(node: Node | WrittenWord) -> list[Node]:
    """The expansions inside a written word, in order, without those that stand inside another one."""
    found: list[Node] = []
    waiting = [] if isinstance(node, WrittenWord) else [node]
    while waiting:
        current = waiting.pop()
        if current.type in _EXPANSIONS:
            found.append(current)
        elif current.child_count:
            waiting.extend(reversed(current.children))
    return found


def _remove_quotes(node: Node | WrittenWord, text: MappedText, state: State, substitute: Substitute) -> _Expanded:
    data, offset, end = text.data, node.start_byte, node.end_byte
    if _QUOTED.fullmatch(data, offset, end):
        quoted = text.slice(offset + 1, end - 1)
        return _Expanded(quoted, bytes([QUOTED]) * len(quoted.data), seen=True)
    needs_grammar = _NEEDS_GRAMMAR.search(data, offset, end) is not None
    expansions = {each.start_byte: each for each in _expansions(node)} if needs_grammar else {}
    parts = _Parts(text.source_span(offset, end))
    add = parts.add
    seen = in_double_quotes = False

    while offset < end:
        byte = data[offset : offset + 1]
        variable = _VARIABLE.match(data, offset, end) if byte == b"$" else None
        if variable is not None:
            value = state.value(decode(variable[1] or variable[2]))
            add(MappedText.unmapped(encode(value)), QUOTED if in_double_quotes else EXPANDED)
            offset = variable.end()
            continue
        expansion = expansions.get(offset)
        if expansion is not None and expansion.end_byte > offset:
            value = _expansion_value(expansion, text, state, substitute, quoted=in_double_quotes)
            add(MappedText.unmapped(encode(value)), QUOTED if in_double_quotes else EXPANDED)
            offset = expansion.end_byte
            continue
        if byte == b'"' or (byte == b"$" and data[offset + 1 : offset + 2] == b'"' and not in_double_quotes):
            in_double_quotes, seen = not in_double_quotes, True
            offset += 1 if byte == b'"' else 2
        elif byte == b"'" and not in_double_quotes:
            close = data.find(b"'", offset + 1, end)
            close = end if close < 0 else close
            add(text.slice(offset + 1, close), QUOTED)
            seen, offset = True, close + 1
        elif byte == b"$" and data[offset + 1 : offset + 2] == b"'" and not in_double_quotes:
            offset = _ansi_string(text, offset, end, add)
            seen = True
        elif byte == b"\\":
            escaped = data[offset + 1 : offset + 2]
            if escaped == b"\n":
                pass
            elif in_double_quotes and escaped not in b'$`"\\':
                add(text.slice(offset, min(offset + 2, end)), QUOTED)
            else:
                add(text.slice(offset + 1, min(offset + 2, end)), QUOTED)
            offset += 2
        else:
            stop = (_DOUBLE_QUOTED_STOP if in_double_quotes else _UNQUOTED_STOP).search(data, offset + 1, end)
            next_offset = stop.start() if stop else end
            add(text.slice(offset, next_offset), QUOTED if in_double_quotes else LITERAL)
            offset = next_offset
    return parts.together(seen=seen)


class _Parts:
    """The parts of a word, whose place is `span`, with the class of their bytes."""

    def __init__(self, span: Span | None) -> None:
        self._span = span
        self._parts: list[MappedText] = []
        self._classes: list[bytes] = []
        self._length = 0

    def add(self, part: MappedText, kind: int) -> None:
        """Put a part behind the others. Raises `WordTooLongError`."""
        self._length += len(part.data)
        if self._length > MAX_WORD_LENGTH:
            raise WordTooLongError(self._span)
        self._parts.append(part)
        self._classes.append(bytes([kind]) * len(part.data))

    def together(self, *, seen: bool) -> _Expanded:
        """The word that they make."""
        text = self._parts[0] if len(self._parts) == 1 else MappedText.join(self._parts)
        return _Expanded(text, b"".join(self._classes), seen)


def _ansi_string(text: MappedText, offset: int, end: int, add: Callable[[MappedText, int], None]) -> int:
    """Adds the `$'...'` that starts at `offset`; the offset after its closing quote."""
    data, offset = text.data, offset + 2
    while offset < end and data[offset : offset + 1] != b"'":
        if data[offset : offset + 1] == b"\\":
            match = _ANSI_ESCAPE.match(data, offset, end)
            if match:
                letter, hexadecimal, octal = match.groups()
                value = _ANSI_VALUES[letter[0]] if letter else int(hexadecimal or octal, 16 if hexadecimal else 8)
                add(_decoded(text, offset, match.end(), bytes([value & 0xFF])), QUOTED)
                offset = match.end()
                continue
        add(text.slice(offset, offset + 1), QUOTED)
        offset += 1
    return offset + 1


def _decoded(text: MappedText, start: int, end: int, value: bytes) -> MappedText:
    span = text.source_span(start, end)
    return MappedText.decoded(value, span) if span else MappedText.unmapped(value)


def _expansion_value(expansion: Node, text: MappedText, state: State, substitute: Substitute, *, quoted: bool) -> str:
    if expansion.type == "command_substitution":
        return substitute(expansion)
    if expansion.type == "process_substitution":
        substitute(expansion)  # what it runs counts; the word is the name of a pipe
        return UNKNOWN
    if expansion.type not in {"simple_expansion", "expansion"}:
        return UNKNOWN
    written = decode(text.data[expansion.start_byte : expansion.end_byte])
    name = written[1:].strip("{}")
    if name in {"@", "*"} or name.isdigit():
        return state.positional(name)
    if expansion.type == "simple_expansion":  # `$?`, `$$`: what names a variable has been read before
        return UNKNOWN
    default = _DEFAULT.fullmatch(written)
    inner = [each for child in expansion.children for each in _expansions(child)]
    nested = [each for each in inner if each.type == "command_substitution"]
    if nested:
        for each in nested:
            substitute(each)  # what it runs counts, what it prints would have to be put together
        if default is not None and default[3] == "=":
            state.assign(default[1], UNKNOWN)
        return UNKNOWN
    if default is not None:
        return _with_default(default, state, quoted=quoted)
    value = expand(written, state, "\\")
    return UNKNOWN if value is None else value


def _with_default(written: re.Match[str], state: State, *, quoted: bool) -> str:
    """`${name:-word}`, or `${name:=word}`, which sets the variable too. A tilde that is not quoted is a home."""
    name, colon, operator, word = written.groups()
    value = expand(f"${{{name}{colon}-{word}}}", state, "\\")
    value = UNKNOWN if value is None else value
    if name in state and not (colon and state.value(name) == ""):
        return value
    if not quoted and (value == "~" or value.startswith("~/")) and word.startswith("~"):
        value = state.value("HOME") + value[1:]
    if operator == "=":
        state.assign(name, value)
    return value


def _split_fields(expanded: _Expanded, ranges: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The ranges of each field of a word: unquoted expansions are split at white space, nothing else is."""
    data, classes = expanded.text.data, expanded.classes
    if EXPANDED not in classes or not _BLANK.search(data):
        if expanded.seen or any(end > start for start, end in ranges):
            yield ranges
        return
    field: list[tuple[int, int]] = []
    for start, end in ranges:
        first = start
        for blank in _BLANK.finditer(data, start, end):
            offset = blank.start()
            if classes[offset] == EXPANDED:
                if offset > first:
                    field.append((first, offset))
                if field:
                    yield field
                field, first = [], offset + 1
        if end > first:
            field.append((first, end))
    if field or (expanded.seen and not data):
        yield field


def _make_word(expanded: _Expanded, ranges: list[tuple[int, int]], span: Span | None, state: State) -> Word:
    if len(ranges) == 1 and ranges[0] == (0, len(expanded.text.data)):
        text, classes = expanded.text, expanded.classes
    else:
        text = MappedText.join(expanded.text.slice(start, end) for start, end in ranges)
        classes = b"".join(expanded.classes[start:end] for start, end in ranges)
    text, classes = _expand_tilde(text, classes, state)
    return Word(text, span, _glob(text.data, classes), quoted=expanded.seen or QUOTED in classes)


def _expand_tilde(text: MappedText, classes: bytes, state: State) -> tuple[MappedText, bytes]:
    """`~`, `~/x` and `~user/x`, when no part of the name is quoted."""
    if not text.data.startswith(b"~") or classes[0] != LITERAL:
        return text, classes
    end = text.data.find(b"/")
    end = len(text.data) if end < 0 else end
    if classes[:end].strip(bytes([LITERAL])):
        return text, classes
    user = decode(text.data[1:end])
    home = encode(state.home_of(user) if user else state.value("HOME"))
    rest = text.slice(end, len(text.data))
    return MappedText.join([MappedText.unmapped(home), rest]), bytes([QUOTED]) * len(home) + classes[end:]


def _glob(data: bytes, classes: bytes) -> str | None:
    """The pattern that a word is, None if it holds no active pattern character."""
    if not _GLOB.search(data):
        return None
    active = False
    pattern: list[bytes] = []
    for offset, byte in enumerate(data):
        if byte in b"*?[]\\":
            if classes[offset] == QUOTED:
                pattern.append(b"\\")
            elif byte in b"*?[":
                active = True
        pattern.append(data[offset : offset + 1])
    return decode(b"".join(pattern)) if active else None
