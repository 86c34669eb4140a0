"""A Dockerfile's bytes to its instructions, as BuildKit's parser (frontend/dockerfile/parser) reads them."""

from __future__ import annotations

from typing import Any

from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

from layerlint.dockerfile import refusals
from layerlint.dockerfile.command import split_command
from layerlint.dockerfile.directives import read_directives
from layerlint.dockerfile.exec_form import NotStringsError, read_exec_form
from layerlint.dockerfile.instruction import Dockerfile, Heredoc, Instruction, SyntaxProblem
from layerlint.dockerfile.keywords import TAKES_EXEC_FORM
from layerlint.dockerfile.lines import PreparedLines, physical_lines, prepare_lines
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Source, Span

_NOT_STRINGS = "A JSON array may hold nothing but strings here."


class _Segmentation(DockerfileParser):  # type: ignore[misc]  # the package is not typed
    """dockerfile-parse on lines that are in memory already."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    @property
    def lines(self) -> list[str]:
        return self._lines


def parse(source: Source) -> Dockerfile:
    """Read `source`. Never fails: what BuildKit would refuse is among the problems, the rest is read all the same."""
    unreadable = refusals.unreadable(source)
    if unreadable:
        return Dockerfile(source, "\\", (), (), unreadable)
    lines = physical_lines(source)
    directives = read_directives(source, lines)
    prepared = prepare_lines(source, lines, directives.escape)
    problems = [*directives.problems, *prepared.problems]
    instructions = tuple(
        _instruction(prepared, entry, problems) for entry in _Segmentation(prepared.skeleton).structure
    )
    problems += refusals.refusals(source, lines, instructions, directives.escape)
    problems.sort(key=lambda problem: problem.span.start)
    comments, syntax = tuple(prepared.comments), directives.syntax
    return Dockerfile(source, directives.escape, instructions, comments, tuple(problems), syntax)


def _instruction(prepared: PreparedLines, entry: dict[str, Any], problems: list[SyntaxProblem]) -> Instruction:
    first, last = prepared.indexes[entry["startline"]], prepared.indexes[entry["endline"]]
    logical_line = prepared.logical_lines[first]
    return _read(logical_line.text, logical_line.span, (first + 1, last + 1), logical_line.heredocs, problems)


def _read(
    text: MappedText,
    span: Span,
    lines: tuple[int, int],
    heredocs: tuple[Heredoc, ...],
    problems: list[SyntaxProblem],
    *,
    is_trigger: bool = False,
) -> Instruction:
    """The instruction of a joined line; `lines` are its first and its last one."""
    keyword, keyword_span, flags, arguments = split_command(text)
    trigger = None
    if keyword == "ONBUILD" and arguments.data and not is_trigger:
        inner = arguments.source_span(0, len(arguments.data))
        if inner is not None:
            trigger = _read(arguments, Span(inner.start, span.end), lines, heredocs, problems, is_trigger=True)
    exec_form = None
    if keyword in TAKES_EXEC_FORM:
        try:
            exec_form = read_exec_form(arguments, _exec_form_start(keyword, arguments.data))
        except NotStringsError:
            problems.append(SyntaxProblem(_NOT_STRINGS, span))
    return Instruction(
        keyword=keyword,
        keyword_span=keyword_span if keyword_span is not None else Span(span.start, span.start),
        span=span,
        line=lines[0],
        end_line=lines[1],
        flags=flags,
        text=arguments,
        exec_form=exec_form,
        heredocs=heredocs,
        trigger=trigger,
    )


def _exec_form_start(keyword: str, arguments: bytes) -> int:
    """Where a JSON array would start: a health check has the word CMD in front of it."""
    if keyword != "HEALTHCHECK":
        return 0
    words = arguments.split(None, 1)
    return len(arguments) - len(words[1]) if len(words) == 2 else len(arguments)
