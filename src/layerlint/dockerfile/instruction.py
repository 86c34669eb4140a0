"""What a Dockerfile is made of once it is read. Only data: `parser` makes it, everything after reads it."""

from __future__ import annotations

from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Source, Span
from layerlint.startup.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Flag:
    """An instruction's flag, as written: `--mount=type=cache,target=/x` is name `mount`, value `type=...`.

    `value` is None for a flag without `=`. `text` is the whole flag with its dashes.
    """

    name: str
    value: str | None
    text: MappedText
    span: Span


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document of an instruction.

    `name` is the delimiter without quotes, `file_descriptor` the number before `<<` (0 if none), `expand` whether
    variables in the body are expanded (the delimiter had no quotes), `strip_tabs` whether it was `<<-`.
    `body` is what the reader of the document gets (tabs taken off for `<<-`), `span` is from the body's first byte to
    the end of the terminator's line, without its line ending.
    """

    name: str
    file_descriptor: int
    expand: bool
    strip_tabs: bool
    body: MappedText
    span: Span


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction.

    `keyword` is upper-case. `span` is from the keyword's first byte to the end of the last line (its here-documents'
    terminators included), without the line ending; `line` and `end_line` count from 1, both inclusive.
    `text` is what follows the keyword and the flags, on one line as BuildKit joins it: without continuations, comment
    lines and blank lines, white space taken off both ends. `exec_form` holds the strings of a JSON array, each as
    decoded, when the instruction takes one and has one. `trigger` is the instruction inside an ONBUILD.
    """

    keyword: str
    keyword_span: Span
    span: Span
    line: int
    end_line: int
    flags: tuple[Flag, ...]
    text: MappedText
    exec_form: tuple[MappedText, ...] | None = None
    heredocs: tuple[Heredoc, ...] = ()
    trigger: Instruction | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment line, also one inside a continuation, from `#` to the end of the line. `line` counts from 1."""

    line: int
    span: Span


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What BuildKit would refuse to build: a message and where."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A file's instructions and comments in order; `escape` is the continuation character.

    `syntax` is the image that is to read the file, empty where the builder does.
    With `problems`, the instructions are those that could be read all the same.
    """

    source: Source
    escape: str
    instructions: tuple[Instruction, ...]
    comments: tuple[Comment, ...]
    problems: tuple[SyntaxProblem, ...] = ()
    syntax: str = ""
