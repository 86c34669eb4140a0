"""Comments that silence the findings there are, so that a repository can adopt layerlint and look at them later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.dockerfile.parser import parse
from layerlint.finding import FILE_HAS_ERRORS, Edit, FileReport, Finding
from layerlint.fixing.fixer import MAX_ROUNDS, Lint, apply
from layerlint.source.source import Source, decode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.suppression.comments import ignore_comment, ignored_ids

# Of other linters, which take them for the line below: no comment may come between.
_SPEAKS_OF_THE_NEXT_LINE = lazy_pattern(rb"#[ \t]*[\w-]+[ \t:]+(?:ignore|disable|skip)\b")
_NO_COMMENT_HELPS = "it is about a comment, and no comment is written for that"


@dataclass(frozen=True, slots=True)
class Commented:
    """A file with comments, and its report, with `comments` counting those that were written."""

    source: Source
    report: FileReport


def ignore_findings(source: Source, lint: Lint) -> Commented:
    """`source` with a comment above each instruction that has findings, or their rules added to the one that is there.

    What no comment silences is left in the report and says why in `unfixable`. A file with errors is not touched.
    Raises ValueError rather than to change what a build does.
    """
    report = lint(source)
    comments = 0
    for _ in range(MAX_ROUNDS):
        edits = [] if report.errors else _edits(parse(source), report.findings)
        if not edits:
            break
        commented = Source(source.path, apply(source.data, edits))
        if _reading(commented) != _reading(source):
            raise ValueError("a comment changed what a build reads")
        # Linting only what changed, more lines may count as changed once there are new ones among them.
        source, report, comments = commented, lint(commented), comments + len(edits)
    why = FILE_HAS_ERRORS if report.errors else _NO_COMMENT_HELPS
    left = tuple(replace(finding, fixes=(), unfixable=why) for finding in report.findings)
    return Commented(source, replace(report, findings=left, comments=comments))


def _edits(dockerfile: Dockerfile, findings: Iterable[Finding]) -> list[Edit]:
    """What writes the comments for `findings`."""
    source = dockerfile.source
    comments = {comment.line: comment.span for comment in dockerfile.comments}
    rules: dict[int, set[str]] = {}
    for finding in findings:
        if finding.instruction is not None and not _is_about_a_comment(source, finding):
            rules.setdefault(finding.instruction.line, set()).add(finding.rule)
    edits = []
    for line, ids in rules.items():
        first = line
        for above in _lines_above(line, comments):
            there, end = ignored_ids(source.data[comments[above].start : comments[above].end])
            if there:
                if new := sorted(ids - there):
                    at = comments[above].start + end
                    edits.append(Edit(at, at, "," + ",".join(new)))
                break
            if first == above + 1 and _SPEAKS_OF_THE_NEXT_LINE.match(source.data, comments[above].start):
                first = above
        else:
            edits.append(_new_line(source, first, line, ignore_comment(sorted(ids))))
    return edits


def _lines_above(line: int, comments: Collection[int]) -> Iterator[int]:
    """The comment lines right above `line`, the nearest first."""
    while (line := line - 1) in comments:
        yield line


def _new_line(source: Source, line: int, instruction: int, text: str) -> Edit:
    """Put `text` above `line`, indented and ended as the line `instruction`."""
    span = source.line_span(instruction)
    content = source.data[span.start : span.end]
    indentation = decode(content[: len(content) - len(content.lstrip(b" \t"))])
    # The last line may have no ending; the one before has.
    after = source.line_starts[min(instruction, len(source.line_starts) - 1)]
    newline = "\r\n" if source.data.endswith(b"\r\n", 0, after) else "\n"
    at = source.line_span(line).start
    return Edit(at, at, indentation + text + newline)


def _is_about_a_comment(source: Source, finding: Finding) -> bool:
    span = source.line_span(source.line_at(finding.span.start))
    return source.data[span.start : span.end].lstrip().startswith(b"#")


def _reading(source: Source) -> tuple[object, ...]:
    """What a build sees of a file: the same with comments and without."""
    dockerfile = parse(source)
    problems = tuple(problem.message for problem in dockerfile.problems)
    return (dockerfile.escape, problems, *(_seen(instruction) for instruction in dockerfile.instructions))


def _seen(instruction: Instruction) -> tuple[object, ...]:
    texts = (instruction.text, *(flag.text for flag in instruction.flags))
    bodies = (heredoc.body for heredoc in instruction.heredocs)
    return (instruction.keyword, *(text.data for text in (*texts, *bodies)))
