"""A file's lines to what dockerfile-parse can segment.

dockerfile-parse knows where an instruction starts and ends when its lines are plain. It does not know here-documents,
takes a blank line for the end of an instruction, loses an instruction without arguments or one that the end of the
file cuts off, and gets slow with an instruction of very many lines. So it is given a skeleton with one line for each
of the file's: an instruction's first line keeps the keyword and says whether it goes on, lines inside it become
comments, its last line ends it. What BuildKit reads as the instruction's text is joined on the way.
"""

from __future__ import annotations

from dataclasses import field

from layerlint.dockerfile.command import split_command
from layerlint.dockerfile.exec_form import NotStringsError, read_exec_form
from layerlint.dockerfile.heredocs import HeredocBodies, heredoc_starts
from layerlint.dockerfile.instruction import Comment, Heredoc, SyntaxProblem
from layerlint.dockerfile.keywords import KEYWORDS, TAKES_HEREDOCS
from layerlint.dockerfile.white_space import trim_left
from layerlint.mapped_text import MappedText, Piece
from layerlint.quick_dataclass import dataclass
from layerlint.source import BYTE_ORDER_MARK, Source, Span

_HASH = ord("#")
# The keyword alone matters in a skeleton. One that dockerfile-parse could misread is replaced: it calls a comment
# COMMENT, and splits words at more kinds of white space than BuildKit does.
_SKELETON_WORDS = {keyword.encode(): keyword for keyword in KEYWORDS}
_OTHER_WORD = "OTHER"


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """The text of an instruction on one line as BuildKit joins it, keyword included, and its here-documents."""

    text: MappedText
    heredocs: tuple[Heredoc, ...] = ()


@dataclass(slots=True)
class PreparedLines:
    """`skeleton` has one line for each of the file's; `logical_lines` go by the index of their first line."""

    skeleton: list[str] = field(default_factory=list)
    logical_lines: dict[int, LogicalLine] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    problems: list[SyntaxProblem] = field(default_factory=list)


def physical_lines(source: Source) -> list[bytes]:
    """The lines that BuildKit's scanner sees, without line feeds and without a byte-order mark."""
    lines = source.data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    if lines and source.has_byte_order_mark:
        lines[0] = lines[0][len(BYTE_ORDER_MARK) :]
    return lines


def prepare_lines(source: Source, lines: list[bytes], escape: str) -> PreparedLines:
    """Join the instructions of `lines`, the file's physical lines, and make the skeleton."""
    return _Preparation(source, lines, escape).run()


class _Preparation:
    """One pass over the lines."""

    def __init__(self, source: Source, lines: list[bytes], escape: str) -> None:
        self._source = source
        self._lines = lines
        self._starts = source.line_starts
        self._escape = escape.encode()
        self._bodies = HeredocBodies(source, lines)
        self._prepared = PreparedLines()

    def run(self) -> PreparedLines:
        lines, skeleton = self._lines, self._prepared.skeleton
        index, count = 0, len(lines)
        while index < count:
            content = trim_left(lines[index])
            if not content:
                skeleton.append("\n")
                index += 1
            elif content[0] == _HASH:
                self._comment(index, content)
                skeleton.append("#\n")
                index += 1
            else:
                index = self._instruction(index, content)
        return self._prepared

    def _line_start(self, index: int) -> int:
        """The offset of the first byte of line `index`, after a byte-order mark."""
        if index == 0 and self._source.has_byte_order_mark:
            return len(BYTE_ORDER_MARK)
        return self._starts[index]

    def _comment(self, index: int, content: bytes) -> None:
        start = self._line_start(index) + len(self._lines[index]) - len(content)
        self._prepared.comments.append(Comment(index + 1, Span(start, start + len(content.rstrip(b"\r")))))

    def _instruction(self, first: int, content: bytes) -> int:
        """Read the instruction whose first line is at index `first`; the index after its last line."""
        lines, escape, twice = self._lines, self._escape, self._escape * 2
        data: list[bytes] = []
        pieces: list[Piece] = []
        length = 0
        index = first
        continued = True
        while True:
            start = self._line_start(index) + len(lines[index]) - len(content)
            kept = content.rstrip(b"\r")
            end = kept.rstrip(b" \t")
            continued = end.endswith(escape) and not end.endswith(twice)
            if continued:
                kept = end[:-1]
            if kept:
                data.append(kept)
                pieces.append(Piece(length, len(kept), start, start + len(kept)))
                length += len(kept)
            index = self._next_text(index + 1) if continued else index + 1
            if not continued or index >= len(lines):
                break
            content = lines[index]
        text = MappedText(b"".join(data), tuple(pieces))
        heredocs: tuple[Heredoc, ...] = ()
        if b"<<" in text.data:
            heredocs, index = self._heredocs(text, first, index)
        self._prepared.logical_lines[first] = LogicalLine(text, heredocs)
        self._skeleton(lines[first], index - first)
        return index

    def _next_text(self, index: int) -> int:
        """The index of the first line from `index` on that is neither blank nor a comment."""
        lines = self._lines
        while index < len(lines):
            content = trim_left(lines[index])
            if content and content[0] != _HASH:
                break
            if content:
                self._comment(index, content)
            index += 1
        return index

    def _skeleton(self, first_line: bytes, count: int) -> None:
        keyword = first_line.split(None, 1)[0].upper()
        word = _SKELETON_WORDS.get(keyword, _OTHER_WORD)
        skeleton = self._prepared.skeleton
        if count == 1:
            skeleton.append(word + " .\n")
            return
        skeleton.append(word + " \\\n")
        skeleton.extend(["#\n"] * (count - 2))
        skeleton.append(".\n")

    def _heredocs(self, text: MappedText, first: int, index: int) -> tuple[tuple[Heredoc, ...], int]:
        """The instruction's here-documents, and the index after the last one's terminator."""
        if not _takes_heredocs(text):
            return (), index
        heredocs: list[Heredoc] = []
        for start in heredoc_starts(text.data):
            terminator = self._bodies.terminator(start, index)
            if terminator is None and start.spaced:
                # Before BuildKit read `<< EOF` as a here-document, people wrote it with a continuation on each line.
                continue
            heredocs.append(self._bodies.heredoc(start, index, terminator))
            if terminator is None:
                self._prepared.problems.append(
                    SyntaxProblem(
                        f"The here-document `{start.name}` does not end: no line after it is `{start.name}` alone.",
                        self._source.line_span(first + 1),
                    )
                )
                return tuple(heredocs), len(self._lines)
            index = terminator + 1
        return tuple(heredocs), index


def _takes_heredocs(text: MappedText) -> bool:
    command = split_command(text)
    if command.keyword == "ONBUILD":
        command = split_command(command.arguments)
    if command.keyword not in TAKES_HEREDOCS:
        return False
    try:
        return read_exec_form(command.arguments) is None
    except NotStringsError:
        return False
