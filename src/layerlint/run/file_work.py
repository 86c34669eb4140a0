"""What is done with one file of a run: read, linted, and, where that is asked for, fixed or given comments."""

# pathlib normalizes paths, and costs more than the work itself in a big tree.
# ruff: noqa: PTH109, PTH118, PTH120

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from layerlint.config.settings import Settings
from layerlint.finding import FileError, FileReport
from layerlint.source.source import Source
from layerlint.startup.quick_dataclass import dataclass
from layerlint.system.reading import read

if TYPE_CHECKING:
    from layerlint.baseline.baseline import KnownFindings
    from layerlint.fixing.fixer import Fixed, Lint, Only
    from layerlint.image.copying import BuildContext
    from layerlint.suppression.ignore_comments import Commented

Mode = Literal["report", "fix", "diff"]
"""What is wanted: what is found, the files changed, or what changing them would make of them."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to check. Where reading it is done with, `source` holds it or `error` says why it cannot be read.

    `known` are its findings in the baseline; with `before` only lines count that changed since the file was that.
    `outside` is as in `Found`.
    """

    path: str
    absolute: str
    settings: Settings | None
    source: Source | None = None
    error: FileError | None = None
    known: KnownFindings | None = None
    before: bytes | None = None
    outside: bool = False

    def only_new(self, report: FileReport) -> FileReport:
        """`report` without the findings that nobody asked for."""
        if self.known is not None:
            report = self.known.leave_out(report)
        if self.before is not None:
            from layerlint.run.changed_lines import only_changed

            report = only_changed(report, self.before)
        return report


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with each file; picklable, so that other processes can do it.

    With `add_ignores` the change is not the fixes, but comments that silence the findings.
    """

    mode: Mode
    add_ignores: bool = False

    def __call__(self, task: Task) -> FileReport:
        """Read, lint and fix one file."""
        source = task.error or task.source or read(task.absolute, task.path)
        if isinstance(source, FileError):
            return FileReport(task.path, None, errors=(source,))
        if task.settings is None:
            raise TypeError("a file without an error has settings")
        report = self._report(source, task, task.settings)
        fail_on = task.settings.fail_on
        return report if report.fail_on is fail_on else replace(report, fail_on=fail_on)

    def _report(self, source: Source, task: Task, settings: Settings) -> FileReport:
        from layerlint.linting import lint  # what only prints help does not need it

        context = _build_context(os.path.dirname(task.absolute), os.getcwd())

        def linted(source: Source) -> FileReport:
            return lint(source, settings.rules, settings.selection, context)

        whole_report = linted(source)
        report = task.only_new(whole_report)
        if self.mode == "report":
            return report
        fixed = self._changed(
            source,
            lambda changed: whole_report if changed is source else linted(changed),
            task.only_new,
            unsafe=settings.unsafe_fixes,
        )
        mended = fixed.source.data
        if self.mode == "diff":
            # The findings are those of the file as it is; what is wrong with fixing it is an error here as there.
            return replace(report, errors=fixed.report.errors, mended=mended)
        error = None if task.source is not None or mended == source.data else self._write(task, source.data, mended)
        if error is None:
            return replace(fixed.report, mended=mended)
        return replace(report, errors=(*report.errors, replace(error, path=task.path)))

    def _write(self, task: Task, before: bytes, after: bytes) -> FileError | None:
        """Write the changed file; why that cannot be done, if it cannot."""
        from layerlint.system.write_back import write_back

        what = "the file with comments" if self.add_ignores else "the fixed file"
        if task.outside:
            reason = "the link leads out of the folder; name the file to have it fixed"
            return FileError(task.path, 0, 0, f"{what} was not written: {reason}")
        return write_back(task.absolute, before, after, what)

    def _changed(self, source: Source, lint: Lint, only: Only, *, unsafe: bool) -> Fixed | Commented:
        if self.add_ignores:
            from layerlint.suppression.ignore_comments import ignore_findings

            return ignore_findings(source, lambda source: only(lint(source)))
        from layerlint.fixing.fixer import fix_until_stable

        return fix_until_stable(source, lint, unsafe=unsafe, only=only)


@lru_cache(maxsize=64)  # the files of a folder have one, which looks into the folder once
def _build_context(folder: str, current: str) -> BuildContext:
    """Where COPY in a Dockerfile in the absolute `folder` may copy from.

    `docker build` takes the Dockerfile's folder or, with -f, any above; people run it, as layerlint, from the
    `current` one.
    """
    from layerlint.image.copying import BuildContext

    roots, here = [folder], os.path.realpath(current)
    if folder.startswith(os.path.join(here, "")):
        while folder != here:
            folder = os.path.dirname(folder)
            roots.append(folder)
    return BuildContext(tuple(roots))
