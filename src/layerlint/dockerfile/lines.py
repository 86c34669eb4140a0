"""A file's lines to what dockerfile-parse can segment.

dockerfile-parse knows where an instruction starts and ends when its lines are plain. It does not know here-documents,
takes a blank line for the end of an instruction, loses an instruction without arguments or one that the end of the
file cuts off, and gets slow with an instruction of very many lines. So it is given a skeleton: of each instruction the
first line, which keeps the keyword and says whether it goes on, and the last, which ends it. What BuildKit reads as the
instruction's text is joined on the way.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from layerlint.dockerfile.command import split_command
from layerlint.dockerfile.exec_form import NotStringsError, read_exec_form
from layerlint.dockerfile.instruction import Comment, Heredoc, SyntaxProblem
from layerlint.dockerfile.keywords import KEYWORDS, TAKES_HEREDOCS
from layerlint.dockerfile.white_space import trim_left
from layerlint.source.mapped_text import MappedText, Piece
from layerlint.source.source import BYTE_ORDER_MARK, Source, Span
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property

if TYPE_CHECKING:
    from layerlint.dockerfile.heredocs import HeredocBodies

_HASH = ord("#")
# The keyword alone matters in a skeleton, of an instruction on one line and of one on several. One that
# dockerfile-parse could misread is replaced: it calls a comment COMMENT, and splits words at more kinds of white space
# than BuildKit does.
_OTHER = (("OTHER .\n",), ("OTHER \\\n", ".\n"))
_SKELETONS = {keyword.encode(): ((f"{keyword} .\n",), (f"{keyword} \\\n", ".\n")) for keyword in KEYWORDS}


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """The text of an instruction on one line as BuildKit joins it, keyword included, and its here-documents.

    `span` is from the keyword's first byte to the end of the last line, without its line ending.
    """

    text: MappedText
    span: Span
    heredocs: tuple[Heredoc, ...] = ()


@dataclass(slots=True)
class PreparedLines:
    """The `skeleton`, and what was found on the way.

    `indexes` are those of the file's lines that the skeleton's lines stand for; `logical_lines` are by the index of
    their first line in the file. Indexes count from 0.
    """

    skeleton: list[str] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)
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
        starts = source.line_starts
        self._starts = (len(BYTE_ORDER_MARK), *starts[1:]) if source.has_byte_order_mark else starts
        self._escape = escape.encode()
        self._prepared = PreparedLines()

    @cached_property
    def _bodies(self) -> HeredocBodies:
        from layerlint.dockerfile.heredocs import HeredocBodies  # most files have none

        return HeredocBodies(self._source, self._lines)

    def run(self) -> PreparedLines:
        index, content = self._next_text(0)
        while content:
            index, content = self._next_text(self._instruction(index, content))
        return self._prepared

    def _comment(self, index: int, content: bytes) -> None:
        start = self._starts[index] + len(self._lines[index]) - len(content)
        self._prepared.comments.append(Comment(index + 1, Span(start, start + len(content.rstrip(b"\r")))))

    def _instruction(self, first: int, line: bytes) -> int:
        """Read the instruction that begins at index `first`; `line` is that line from its first letter on.

        The result is the index after its last line.
        """
        lines, escape, twice = self._lines, self._escape, self._escape * 2
        data: list[bytes] = []
        pieces: list[Piece] = []
        length = 0
        begin = start = self._starts[first] + len(lines[first]) - len(line)
        index = first + 1
        while True:
            line = line.rstrip(b"\r")
            continued = False
            if line.find(escape) >= 0:  # not `in`, which takes ten times as long for bytes (CPython 3.11)
                end = line.rstrip(b" \t")
                if end.endswith(escape) and not end.endswith(twice):
                    continued, line = True, end[:-1]
            if line:
                size = len(line)
                data.append(line)
                pieces.append((length, size, start, start + size))
                length += size
            if not continued:
                break
            index, content = self._next_text(index)
            if not content:
                break
            line, start = lines[index], self._starts[index]
            index += 1
        text = MappedText(b"".join(data), tuple(pieces))
        heredocs: tuple[Heredoc, ...] = ()
        if text.data.find(b"<<") >= 0:
            heredocs, index = self._heredocs(text, first, index)
        span = Span(begin, self._source.line_end(index))
        self._prepared.logical_lines[first] = LogicalLine(text, span, heredocs)
        self._skeleton(first, index - 1)
        return index

    def _next_text(self, index: int) -> tuple[int, bytes]:
        """The first line from `index` on that is neither blank nor a comment: its index, and it without indentation.

        Where there is none, the number of lines, and nothing. Comments on the way are noted.
        """
        lines = self._lines
        while index < len(lines):
            content = trim_left(lines[index])
            if content and content[0] != _HASH:
                return index, content
            if content:
                self._comment(index, content)
            index += 1
        return index, b""

    def _skeleton(self, first: int, last: int) -> None:
        keyword = self._lines[first].split(None, 1)[0].upper()
        on_one_line, on_several = _SKELETONS.get(keyword, _OTHER)
        self._prepared.skeleton += on_one_line if first == last else on_several
        self._prepared.indexes += (first,) if first == last else (first, last)

    def _heredocs(self, text: MappedText, first: int, index: int) -> tuple[tuple[Heredoc, ...], int]:
        """The instruction's here-documents, and the index after the last one's terminator."""
        if not _takes_heredocs(text):
            return (), index
        from layerlint.dockerfile.heredocs import heredoc_starts  # most files have none

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
    keyword, _, _, arguments = split_command(text)
    if keyword == "ONBUILD":
        keyword, _, _, arguments = split_command(arguments)
    if keyword not in TAKES_HEREDOCS:
        return False
    try:
        return read_exec_form(arguments) is None
    except NotStringsError:
        return False
