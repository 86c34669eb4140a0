"""Which findings are on lines that changed since an older version of their file."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from layerlint.finding import FileReport, Finding
from layerlint.source.line_diff import changes
from layerlint.source.source import Source


def only_changed(report: FileReport, before: bytes) -> FileReport:
    """`report` without the findings that are not on lines which changed since the file was `before`.

    A finding is where its instruction is, all lines of it: what is taken out of one line of a RUN shows in another.
    The comments right above it belong to it, since they may suppress, and so does what was taken out right above it.
    """
    if report.source is None or not report.findings:
        return report
    lines = _Lines(report.source, before)
    kept = tuple(finding for finding in report.findings if lines.changed(finding))
    return replace(report, findings=kept, unchanged=len(report.findings) - len(kept))


class _Lines:
    """The lines of a file that changed."""

    def __init__(self, source: Source, before: bytes) -> None:
        self._source = source
        self._text = _lines(source.data)
        # First and last line of each change, from 1, in order. A line that was taken out marks the one that followed.
        found = [
            (each.new_start + 1, max(each.new_end, each.new_start + 1)) for each in changes(_lines(before), self._text)
        ]
        self._starts = [start for start, _ in found]
        self._ends = [end for _, end in found]
        self._first_lines: dict[int, int] = {}

    def changed(self, finding: Finding) -> bool:
        """Whether a line of the finding's instruction, without one of the finding itself, changed."""
        place = finding.instruction
        first = place.line if place else self._source.line_at(finding.span.start)
        last = place.end_line if place else self._source.line_at(finding.span.end)
        index = bisect_left(self._ends, self._with_comments(first))
        return index < len(self._starts) and self._starts[index] <= last

    def _with_comments(self, line: int) -> int:
        """The first of the comment lines right above `line`, or `line`."""
        if line not in self._first_lines:
            first = line
            while first > 1 and self._text[first - 2].lstrip().startswith(b"#"):
                first -= 1
            self._first_lines[line] = first
        return self._first_lines[line]


def _lines(data: bytes) -> list[bytes]:
    """The lines without their endings, which a checkout may have changed."""
    return [line.removesuffix(b"\r") for line in data.split(b"\n")]
