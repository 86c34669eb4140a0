"""What must hold of any input whatever. Each takes an input and raises AssertionError where its promise is broken."""

from __future__ import annotations

import re
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from layerlint.config.file import Configurations
from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.dockerfile.parser import parse
from layerlint.dockerfile.white_space import SPACES
from layerlint.errors import Mistake, UserError
from layerlint.finding import FileReport, FixKind
from layerlint.linting import lint
from layerlint.rules.checks.checked import check_files
from layerlint.rules.files.compiled import compile_files, read_compiled
from layerlint.rules.files.rule_files import RuleFile, read_rule_files
from layerlint.rules.loading import shipped_folder
from layerlint.rules.ruleset import make_ruleset
from layerlint.rules.selection import select
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import BYTE_ORDER_MARK, Source, Span
from tests.dockerfile.buildkit import Reading, read_by_buildkit
from tests.fixed_files import RULES, assert_settled

SECONDS = 2.0
"""Of this process's time, the most that any one input may take."""

_INNER = frozenset("\0\1\2\3\4")

SELECTION = select(RULES.names, ())
_SHIPPED = [file for file in read_rule_files([shipped_folder()], []) if not file.data.startswith(b"id:")]
_KNOWLEDGE = check_files(_SHIPPED, [])
"""What is known of tools, programs and images, without rules."""
_TOOLS = [file for file in _SHIPPED if file.path.endswith("/uv/tool.yaml")]
"""Enough for a rule to speak of: reading all of them takes longer than reading the rule."""


class TookTooLongError(AssertionError):
    """An input over its time."""


@contextmanager
def in_time(seconds: float = SECONDS) -> Iterator[None]:
    """Stop what takes longer than it may."""

    def stop(*_: object) -> None:
        raise TookTooLongError(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def parsed_well(data: bytes) -> None:
    """The parser reads every byte: the file is its instructions, its comments, and white space."""
    source = Source("Dockerfile", data)
    with in_time():
        dockerfile = parse(source)
    whole = Span(0, len(data))
    for problem in dockerfile.problems:
        assert whole.covers(problem.span), problem
        assert problem.message
    end = 0
    for instruction in dockerfile.instructions:
        assert instruction.span.start >= end, "instructions overlap"
        end = instruction.span.end
        _check_instruction(instruction, whole, source)
    comments = [comment.span for comment in dockerfile.comments]
    assert comments == sorted(comments, key=lambda span: span.start)
    for comment in dockerfile.comments:
        assert whole.covers(comment.span)
        assert data[comment.span.start : comment.span.start + 1] == b"#"
        assert source.line_at(comment.span.start) == comment.line
    _check_the_rest(dockerfile)


def _check_instruction(instruction: Instruction, whole: Span, source: Source) -> None:
    assert whole.covers(instruction.span)
    assert instruction.span.covers(instruction.keyword_span), instruction
    assert source.line_at(instruction.span.start) == instruction.line or instruction.trigger is None
    assert instruction.line <= instruction.end_line <= len(source.line_starts)
    _check_text(instruction.text, source, instruction.span)
    for flag in instruction.flags:
        assert instruction.span.covers(flag.span), flag
        _check_text(flag.text, source, instruction.span)
    for heredoc in instruction.heredocs:
        assert instruction.span.covers(heredoc.span), heredoc
        _check_text(heredoc.body, source, instruction.span)
    for text in instruction.exec_form or ():
        _check_text(text, source, instruction.span)
    if instruction.trigger is not None:
        _check_instruction(instruction.trigger, whole, source)


def _check_text(text: MappedText, source: Source, around: Span) -> None:
    """Every byte of a text is the file's byte that it says it is."""
    at, last = 0, around.start
    for start, length, source_start, source_end in text.pieces:
        assert start == at, "a gap"
        at += length
        assert length >= 0
        if source_start < 0:
            continue
        assert last <= source_start <= source_end <= around.end, (source_start, source_end, around)
        last = source_end
        if source_end - source_start == length:
            assert text.data[start:at] == source.data[source_start:source_end] or length == 1
    assert at == len(text.data)


def _check_the_rest(dockerfile: Dockerfile) -> None:
    data = dockerfile.source.data
    if not dockerfile.instructions and any("UTF-16" in problem.message for problem in dockerfile.problems):
        return
    spans = [each.span for each in (*dockerfile.instructions, *dockerfile.comments)]
    at = len(BYTE_ORDER_MARK) if dockerfile.source.has_byte_order_mark else 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start > at:
            rest = data[at : span.start].decode("utf-8", "replace").strip(SPACES + "\n")
            assert not rest, f"nobody reads {rest!r}"
        at = max(at, span.end)
    rest = data[at:].decode("utf-8", "replace").strip(SPACES + "\n")
    assert not rest, f"nobody reads {rest!r}"


def linted_well(data: bytes) -> FileReport:
    """Linting raises nothing, ends in time, and says nothing of places that are not in the file."""
    source = Source("Dockerfile", data)
    with in_time():
        report = lint(source, RULES, SELECTION)
    whole = Span(0, len(data))
    for finding in report.findings:
        spans = [finding.span, *(related.span for related in finding.related)]
        spans += [Span(edit.start, edit.end) for fix in finding.fixes for edit in fix.edits]
        if finding.instruction is not None:
            assert finding.instruction.span.covers(finding.span), finding
            spans.append(finding.instruction.span)
        for span in spans:
            assert span.start <= span.end
            assert whole.covers(span), finding
        assert finding.message
        # What stands for a value that is not known is no text, unless the file has it.
        assert not _INNER & set(finding.message) or _INNER & set(source.text(whole)), finding.message
    for error in report.errors:
        assert 1 <= error.line <= len(source.line_starts), error
        assert error.message
        assert "internal error" not in error.message
    if report.errors:
        assert not any(finding.fixes for finding in report.findings)
    return report


def fixed_well(data: bytes) -> None:
    """Fixing a file, in each way, comes to an end in time, and BuildKit reads what it read but for words and ENVs."""
    if linted_well(data).errors:
        return
    source = Source("Dockerfile", data)
    for fix_with in FixKind:
        with in_time(5 * SECONDS):  # the file is linted several times
            result = assert_settled(source, fix_with, unsafe=True)
        before = _outline(data) if result.source.data != data else None
        assert before is None or _is_same_but_for_what_may_go(before, _outline(result.source.data))


_Outline = list[tuple[tuple[object, ...], bool]]
"""Of each instruction what is to stay as it is, and whether a fix may take it out."""


def _outline(data: bytes) -> _Outline | None:
    """What BuildKit reads but for words and ENVs; None if it refuses the file, or its package cannot say it."""
    try:
        readings = read_by_buildkit(data)
    except UnicodeDecodeError:
        return None
    if readings is None:
        return None
    return [
        (
            (reading.keyword, reading.trigger, reading.is_exec_form, tuple(name for name, _, _ in reading.heredocs)),
            _is_only_an_update(reading) or (_is_plain_run(reading) and _is_plain_run(following)),
        )
        for reading, following in zip(readings, [*readings[1:], None], strict=True)
        if reading.keyword != "ENV"
    ]


def _is_same_but_for_what_may_go(before: _Outline, after: _Outline | None) -> bool:
    codes: dict[object, str] = {}
    pattern = "".join(
        codes.setdefault(stays, chr(0xE000 + len(codes))) + ("?" if may_go else "") for stays, may_go in before
    )
    text = "".join(codes.get(stays, " ") for stays, _ in after or ())
    return after is not None and re.fullmatch(pattern, text) is not None


def _is_plain_run(reading: Reading | None) -> bool:
    """Whether it is a RUN in shell form, with nothing but commands: one that another can be joined with."""
    return (
        reading is not None
        and reading.keyword == "RUN"
        and not (reading.flags or reading.heredocs or reading.is_exec_form or reading.trigger)
    )


def _is_only_an_update(reading: Reading) -> bool:
    """Whether a RUN does nothing but fetch lists, which goes where another one fetches them by itself."""
    words = [word for word in " ".join(reading.values).split()[1:] if not word.startswith("-")]
    return reading.keyword == "RUN" and words == ["update"] and not reading.heredocs


_SAMPLE = Source(
    "Dockerfile", b"FROM python:3.12\nRUN uv pip install a && apt-get install -y b && rm -rf /root/.cache\n"
)


def rule_read_well(text: bytes) -> None:
    """A rule file is refused with mistakes that have places, or means the same when compiled, and harms no run."""
    file = RuleFile("rule.yaml", text)
    with in_time():
        try:
            meanings: list[Any] = check_files([*_TOOLS, file], [])[len(_TOOLS) :]
        except UserError as error:
            _check_mistakes(error.mistakes, text)
            return
        assert read_compiled(compile_files(meanings)) == meanings
        rules = make_ruleset([*_KNOWLEDGE, *meanings])
        lint(_SAMPLE, rules, select(rules.names, ()))


def configuration_read_well(text: bytes, name: str = ".layerlint.yaml") -> None:
    """A configuration is refused with mistakes that have places, or counts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text)
        with in_time():
            configurations = Configurations(file=str(path))
            if configurations.mistakes:
                _check_mistakes(tuple(configurations.mistakes), text)
                return
            configuration = configurations.above(folder)
            if configuration is not None:
                configuration.unknown_rules(RULES.names)
                configurations.excludes(f"{folder}/a/Dockerfile", False)


def _check_mistakes(mistakes: tuple[Mistake, ...], text: bytes) -> None:
    assert mistakes
    for mistake in mistakes:
        assert mistake.title
        assert mistake.cause
        assert mistake.path
        assert 0 <= mistake.line <= len(text.decode("utf-8", "replace").splitlines()) + 2, mistake
        assert "Traceback" not in str(mistake)
