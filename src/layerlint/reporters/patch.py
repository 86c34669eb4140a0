"""A unified diff of what the fixes would do, which `git apply` and `patch -p1` both take."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from layerlint.finding import FileReport, Summary
from layerlint.reporters.reporter import ReportContext, Write
from layerlint.source.line_diff import Change, changes
from layerlint.source.source import decode, encode
from layerlint.visible import visible_lines

_CONTEXT = 3

# The escapes of `quote.c` in git; every other byte that is not printable ASCII is three octal digits.
_ESCAPES = {
    0x07: "\\a",
    0x08: "\\b",
    0x09: "\\t",
    0x0A: "\\n",
    0x0B: "\\v",
    0x0C: "\\f",
    0x0D: "\\r",
    0x22: '\\"',
    0x5C: "\\\\",
}


class PatchReporter:
    """Prints the diff of each file that fixes would change, and nothing else.

    The text holds the file's bytes as they are: those that are not UTF-8 as lone surrogates, line endings unchanged.
    But a terminal, where nobody applies it, gets it made visible.
    """

    def __init__(self, write: Write, context: ReportContext) -> None:
        self._write = write
        self._is_read = context.terminal

    def add(self, report: FileReport) -> None:
        """Print the file's diff, if there is one. A file with errors is not fixed."""
        if report.source is None or report.errors or not report.findings or report.mended is None:
            return
        for text in unified_diff(report.path, report.source.data, report.mended):
            self._write(visible_lines(text) if self._is_read else text)

    def finish(self, summary: Summary) -> None:
        """Nothing comes last."""


def unified_diff(path: str, old: bytes, new: bytes) -> Iterator[str]:
    """The diff between two versions of the file at `path`, in pieces; nothing when they are equal."""
    if old == new:
        return
    # Not splitlines(), which also splits at a lone carriage return.
    old_lines = [line + b"\n" for line in old.split(b"\n")]
    new_lines = [line + b"\n" for line in new.split(b"\n")]
    for lines in (old_lines, new_lines):
        last = lines.pop().removesuffix(b"\n")
        if last:
            lines.append(last)
    name = posixpath.normpath(path).lstrip("/")
    yield f"--- {_quoted('a/' + name)}\n+++ {_quoted('b/' + name)}\n"
    for hunk in _hunks(changes(old_lines, new_lines)):
        yield _hunk_text(hunk, old_lines, new_lines)


def _hunks(found: list[Change]) -> Iterator[list[Change]]:
    """Changes in groups whose lines of context would meet."""
    hunk: list[Change] = []
    for change in found:
        if hunk and change.old_start - hunk[-1].old_end > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    if hunk:
        yield hunk


def _hunk_text(hunk: list[Change], old: list[bytes], new: list[bytes]) -> str:
    before = min(_CONTEXT, hunk[0].old_start)
    after = min(_CONTEXT, len(old) - hunk[-1].old_end)
    old_start, new_start = hunk[0].old_start - before, hunk[0].new_start - before
    old_end, new_end = hunk[-1].old_end + after, hunk[-1].new_end + after
    pieces = [f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@\n"]
    at = old_start
    for change in hunk:
        pieces += [_line(" ", line) for line in old[at : change.old_start]]
        pieces += [_line("-", line) for line in old[change.old_start : change.old_end]]
        pieces += [_line("+", line) for line in new[change.new_start : change.new_end]]
        at = change.old_end
    pieces += [_line(" ", line) for line in old[at:old_end]]
    return "".join(pieces)


def _range(start: int, end: int) -> str:
    """A hunk's lines as diff counts them: from 1, and an empty range by the line before it."""
    if end == start:
        return f"{start},0"
    return str(start + 1) if end - start == 1 else f"{start + 1},{end - start}"


def _line(mark: str, line: bytes) -> str:
    text = mark + decode(line)
    return text if text.endswith("\n") else f"{text}\n\\ No newline at end of file\n"


def _quoted(name: str) -> str:
    """A file name as git writes it: in quotes with C escapes when it needs them, with a tab after it for a space."""
    data = encode(name)
    if all(0x20 <= byte < 0x7F and byte not in _ESCAPES for byte in data):
        return f"{name}\t" if " " in name else name
    quoted = (_ESCAPES.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}") for byte in data)
    return f'"{"".join(quoted)}"'
