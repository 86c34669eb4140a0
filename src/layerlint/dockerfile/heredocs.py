"""Here-documents: which an instruction starts, and where each of them ends."""

from __future__ import annotations

import re
from bisect import bisect_left

from layerlint.dockerfile.instruction import Heredoc
from layerlint.dockerfile.lexer import Lexer, LexError, Segment, TooComplexError
from layerlint.dockerfile.white_space import SPACES
from layerlint.source.mapped_text import MappedText, Piece
from layerlint.source.source import Source, Span, decode, encode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

_START = lazy_pattern(r"([0-9]*)<<(-?)([ \t]*)([^<]+)", re.DOTALL)
_SPLIT = lazy_pattern(f"[{SPACES}]+")
_LEADING_TABS = lazy_pattern(rb"^\t+", re.MULTILINE)
_MAX_DESCRIPTOR_DIGITS = 9


@dataclass(frozen=True, slots=True)
class HeredocStart:
    """A word that starts a here-document: the fields of `Heredoc`, and whether white space follows the `<<`."""

    name: str
    file_descriptor: int
    expand: bool
    strip_tabs: bool
    spaced: bool


def heredoc_starts(line: bytes) -> list[HeredocStart]:
    """The here-documents that the joined line of an instruction starts.

    BuildKit splits the line with the rules of its own lexer and a backslash for the escape character, whatever the
    escape directive says. When that fails, for an apostrophe in an `echo it's` say, there is no here-document.
    """
    starts: list[HeredocStart] = []
    for word in _words(decode(line), keep_quotes=True, keep_escapes=True):
        match = _START.fullmatch(word)
        if match is None:
            continue
        descriptor, dash, blanks, delimiter = match.groups()
        names = _words(delimiter, keep_quotes=False)
        quoted_names = _words(delimiter, keep_quotes=True)
        if len(names) != 1 or len(quoted_names) != 1:
            continue
        starts.append(
            HeredocStart(
                name=names[0],
                file_descriptor=int(descriptor[-_MAX_DESCRIPTOR_DIGITS:] or "0"),
                expand=_quotes(names[0]) == _quotes(quoted_names[0]),
                strip_tabs=bool(dash),
                spaced=bool(blanks),
            )
        )
    return starts


def _quotes(word: str) -> int:
    return word.count("'") + word.count('"')


def _words(text: str, *, keep_quotes: bool, keep_escapes: bool = False) -> list[str]:
    try:
        return split(Lexer(text, None, "\\", keep_quotes=keep_quotes, keep_escapes=keep_escapes).run())
    except (LexError, TooComplexError):
        return []


def split(segments: list[Segment]) -> list[str]:
    """The words of `segments`: white space ends one where it is not quoted. Empty words are none."""
    words: list[str] = []
    word: list[str] = []
    for text, splits in segments:
        if not splits:
            word.append(text or "")
            continue
        first, *others = _SPLIT.split(text or "")
        word.append(first)
        for other in others:
            words.append("".join(word))
            word = [other]
    words.append("".join(word))
    return [finished for finished in words if finished]


class HeredocBodies:
    """Finds the ends of a file's here-documents. Each line is looked at once, however many there are."""

    def __init__(self, source: Source, lines: list[bytes]) -> None:
        self._source = source
        self._lines = lines
        self._terminators: dict[bool, dict[bytes, list[int]]] = {}

    def terminator(self, start: HeredocStart, first: int) -> int | None:
        """The index of the first line at or after index `first` that ends the document; None if there is none."""
        where = self._lines_by_content(strip_tabs=start.strip_tabs).get(encode(start.name), [])
        at = bisect_left(where, first)
        return where[at] if at < len(where) else None

    def heredoc(self, start: HeredocStart, first: int, last: int | None) -> Heredoc:
        """The document whose body starts at line index `first` and whose terminator is at `last`.

        Without a terminator it goes on to the end of the file's last line.
        """
        starts = self._source.line_starts
        end = starts[last] if last is not None else self._source.line_span(len(self._lines)).end
        body_start = starts[first] if first < len(self._lines) else end
        body = MappedText.of(self._source, Span(body_start, end))
        if start.strip_tabs:
            body = _without_leading_tabs(body)
        return Heredoc(
            name=start.name,
            file_descriptor=start.file_descriptor,
            expand=start.expand,
            strip_tabs=start.strip_tabs,
            body=body,
            span=Span(body_start, end if last is None else self._source.line_span(last + 1).end),
        )

    def _lines_by_content(self, *, strip_tabs: bool) -> dict[bytes, list[int]]:
        found = self._terminators.get(strip_tabs)
        if found is None:
            found = {}
            for index, line in enumerate(self._lines):
                content = line.rstrip(b"\r")
                found.setdefault(content.lstrip(b"\t") if strip_tabs else content, []).append(index)
            self._terminators[strip_tabs] = found
        return found


def _without_leading_tabs(body: MappedText) -> MappedText:
    if not body.data:
        return body
    _, _, origin, _ = body.pieces[0]
    data: list[bytes] = []
    pieces: list[Piece] = []
    length = copied = 0
    ends = [*(match.span() for match in _LEADING_TABS.finditer(body.data)), (len(body.data), len(body.data))]
    for tabs, after_tabs in ends:
        if tabs > copied:
            data.append(body.data[copied:tabs])
            pieces.append((length, tabs - copied, origin + copied, origin + tabs))
            length += tabs - copied
        copied = after_tabs
    return MappedText(b"".join(data), tuple(pieces))
