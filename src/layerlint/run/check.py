"""The check command: from its options to the exit status."""

# pathlib normalizes paths, and costs more than the work itself in a big tree.
# ruff: noqa: PTH100, PTH109, PTH118, PTH120

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import field, replace
from typing import TYPE_CHECKING

from layerlint.config.file import Configurations
from layerlint.config.settings import Overrides, SettingsTable
from layerlint.errors import Mistake, UserError
from layerlint.finding import FileError, FileReport, Safety, Summary
from layerlint.reporters import ReportContext
from layerlint.run.discovery import Exclude, Found, discover
from layerlint.run.file_work import Mode, Task, Work
from layerlint.run.jobs import default_jobs, failed_report, run
from layerlint.run.outputs import Reports, Target, parse_targets, refuse_inputs
from layerlint.run.progress import Progress, progress_stream
from layerlint.source.source import Source, decode
from layerlint.startup.quick_dataclass import dataclass
from layerlint.system.reading import STANDARD_INPUT, read, read_standard_input
from layerlint.system.terminal import Output, print_error, wants_color, width
from layerlint.version import VERSION
from layerlint.visible import visible_lines

if TYPE_CHECKING:
    from layerlint.baseline.baseline import NewBaseline
    from layerlint.baseline.file import Entry

STATUS_CLEAN, STATUS_FINDINGS, STATUS_ERRORS = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The command line of `layerlint check`."""

    paths: tuple[str, ...] = (".",)
    format: str | None = None
    outputs: tuple[str, ...] = ()
    mode: Mode = "report"
    exit_non_zero_on_fix: bool = False
    add_ignores: bool = False
    write_baseline: str | None = None
    changed_since: str | None = None
    overrides: Overrides = field(default_factory=Overrides)
    config: str | None = None
    isolated: bool = False
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    jobs: int | None = None
    quiet: bool = False
    statistics: bool = False
    color: str = "auto"
    stdin_filename: str | None = None


def check(options: CheckOptions) -> int:
    """Check what `options` say, print it, and return the exit status. Raises UserError before any file is read."""
    reads_and_fixes = STANDARD_INPUT in options.paths and options.mode == "fix"
    main_format = "patch" if options.mode == "diff" else options.format
    targets = parse_targets(main_format, options.outputs, fixes_input=reads_and_fixes)
    mode = _mode(options, targets)
    tasks, settings = _plan(options, targets)
    new = _new_baseline(options.write_baseline)
    gone: dict[str, list[Entry]] = {}
    jobs = options.jobs or default_jobs(len(tasks))
    work = Work(mode, options.add_ignores)
    checked = run(tasks, work, failed_report, jobs, repeatable=mode != "fix")
    with closing(checked):  # type: ignore[type-var]  # it is a generator
        status = _report(options, targets, tasks, settings, _noted(tasks, checked, new, gone))
    if new is not None:
        new.write()
    if not options.quiet:
        if new is not None:
            print_error(f"layerlint: {new.said}")
        # What standard input holds is being written, and what it lacks now may be back in a moment.
        for baseline in settings.baselines.values() if STANDARD_INPUT not in options.paths else ():
            said = baseline.said_of(gone.get(baseline.path, []), in_detail=options.statistics)
            if said:
                print_error(f"layerlint: {said[0]}", *said[1:])
    return status


def _mode(options: CheckOptions, targets: Iterable[Target]) -> Mode:
    if all(target.format != "patch" for target in targets):
        return options.mode
    if options.mode == "fix":
        option = "--add-ignores" if options.add_ignores else "--fix"
        cause = "one writes what the other only shows"
        raise UserError(Mistake(f"{option} and the format patch exclude each other", cause, "leave one out"))
    if options.write_baseline is not None:
        cause = "what is in the baseline is not fixed"
        raise UserError(Mistake("--write-baseline and the format patch exclude each other", cause, "leave one out"))
    return "diff"


def _new_baseline(path: str | None) -> NewBaseline | None:
    if path is None:
        return None
    from layerlint.baseline.baseline import NewBaseline

    return NewBaseline.at(path)


def _noted(
    tasks: list[Task], checked: Iterable[FileReport], new: NewBaseline | None, gone: dict[str, list[Entry]]
) -> Iterator[FileReport]:
    """What was `checked`. Findings go to the `new` baseline, what is gone of a baseline to `gone`, by its path."""
    for task, report in zip(tasks, checked, strict=True):
        settings = task.settings
        if task.known and settings and settings.baseline and report.source is not None and not report.errors:
            not_asked = {rule.id for rule in settings.rules.rules} - settings.selection.severities.keys()
            gone.setdefault(settings.baseline.path, []).extend(task.known.gone(report, not_asked))
        yield report if new is None else new.take(report, task.absolute)


def _plan(options: CheckOptions, targets: Iterable[Target]) -> tuple[list[Task], SettingsTable]:
    """The tasks, and all that could be wrong with options, configuration and rules looked at."""
    configurations = Configurations(file=options.config, isolated=options.isolated)
    settings = SettingsTable(configurations, options.overrides)
    if STANDARD_INPUT in options.paths:
        if len(options.paths) > 1:
            raise UserError(Mistake('"-" stands beside other paths', "standard input is checked alone"))
        shown = options.stdin_filename or STANDARD_INPUT
        folder, name = os.path.split(os.path.abspath(options.stdin_filename or "Dockerfile"))
        found: list[Found | FileError] = [Found(shown, os.path.join(os.path.realpath(folder), name))]
    else:
        exclude = _exclude(options.exclude, configurations)
        found = list(discover(options.paths, exclude=exclude, force_exclude=options.force_exclude))
        if sys.getfilesystemencoding() != "utf-8":
            found = [replace(item, path=_as_utf_8(item.path)) for item in found]
    # Reads the configuration of every file, so that `check` sees all mistakes at once.
    for folder in dict.fromkeys(os.path.dirname(item.absolute) for item in found if isinstance(item, Found)):
        configurations.above(folder)
    settings.check()
    if not found and not options.quiet:
        print_error(f"layerlint: no Dockerfile in {', '.join(options.paths)}")
    refuse_inputs(targets, (item.absolute for item in found if isinstance(item, Found)))
    tasks = [_task(item, settings) for item in found]
    if STANDARD_INPUT in options.paths:
        tasks = [_standard_input(tasks[0])]
    if options.changed_since is not None:
        tasks = _changed_since(options.changed_since, tasks)
        if found and not tasks and not options.quiet:
            print_error(f"layerlint: no Dockerfile changed since {options.changed_since}")
    return tasks, settings


def _as_utf_8(path: str) -> str:
    """A path as it is printed, which is in UTF-8 whatever the locale takes its bytes for."""
    return decode(os.fsencode(path))


def _task(item: Found | FileError, settings: SettingsTable) -> Task:
    if isinstance(item, FileError):
        return Task(item.path, "", None, error=item)
    its_settings = settings.of(item.absolute)
    known = its_settings.baseline.of(item.absolute) if its_settings.baseline else None
    return Task(item.path, item.absolute, its_settings, known=known, outside=item.outside)


def _standard_input(task: Task) -> Task:
    content = read_standard_input(task.path)
    return replace(task, error=content) if isinstance(content, FileError) else replace(task, source=content)


def _changed_since(ref: str, tasks: list[Task]) -> list[Task]:
    """The tasks whose files changed, with what they were before, and those whose files cannot be read."""
    from layerlint.git.history import changed_since

    contents: dict[str, bytes] = {}
    kept: dict[str, Task] = {}
    for task in tasks:
        path = os.path.realpath(task.absolute) if task.error is None else task.path
        kept[path] = task
        source = task.error or task.source or read(task.absolute, task.path)
        if isinstance(source, Source):
            contents[path] = source.data
    changed = changed_since(ref, contents)
    for path, task in tuple(kept.items()):
        if path in changed:
            kept[path] = replace(task, before=changed[path])
        elif task.source is not None:  # standard input goes back to where it came from, changed or not
            kept[path] = replace(task, before=task.source.data)
        elif path in contents:
            del kept[path]
    return list(kept.values())


def _exclude(patterns: tuple[str, ...], configurations: Configurations) -> Exclude:
    if not patterns:
        return configurations.excludes
    from layerlint.globs.file_globs import Globs

    try:
        globs = Globs.of(os.getcwd(), patterns)
    except ValueError as error:
        cause = "patterns are written as in .gitignore"
        raise UserError(Mistake(f"--exclude: one of {', '.join(patterns)} is not a pattern", cause)) from error

    def excludes(path: str, is_folder: bool) -> bool:  # noqa: FBT001
        return bool(globs.matches(path, is_folder=is_folder)) or configurations.excludes(path, is_folder)

    return excludes


def _report(
    options: CheckOptions,
    targets: tuple[Target, ...],
    tasks: list[Task],
    settings: SettingsTable,
    checked: Iterable[FileReport],
) -> int:
    context = _context(options, settings)

    def context_of(output: Output) -> ReportContext:
        color = wants_color(options.color, output.stream, os.environ)
        return replace(context, color=color, terminal=output.is_terminal)

    only_patches = all(target.format == "patch" for target in targets)
    summary, fails, left_out = Summary(), False, 0
    stream = None if options.quiet else progress_stream()
    with Reports(targets, context_of) as reports, Progress(len(tasks), stream) as progress:
        for task, report in zip(tasks, checked, strict=True):
            progress.clear()
            reports.add(report)
            if report.errors and only_patches:
                _print_errors(report.errors)  # a patch has no place for them
            elif report.findings and only_patches and not options.add_ignores:
                left_out += _with_unsafe_fixes_only(report, task)
            if options.mode == "fix" and task.source is not None:
                _hand_back(report.mended if report.mended is not None else task.source.data)
            summary = _added(summary, report)
            fails = fails or _fails(report)
            progress.add(len(report.findings))
        progress.clear()
        reports.finish(summary)
    if left_out and not options.quiet:
        what = "1 finding has" if left_out == 1 else f"{left_out} findings have"
        print_error(f"layerlint: {what} only unsafe fixes: add --unsafe-fixes")
    if summary.errors:
        return STATUS_ERRORS
    fails = fails or (options.exit_non_zero_on_fix and summary.fixed > 0)
    return STATUS_FINDINGS if fails else STATUS_CLEAN


def _context(options: CheckOptions, settings: SettingsTable) -> ReportContext:
    rules = {rule.id: rule for rule_set in settings.rule_sets() for rule in rule_set.rules}
    return ReportContext(
        version=VERSION,
        rules=tuple(rules[name] for name in sorted(rules)),
        statistics=options.statistics,
        quiet=options.quiet,
        width=width(),
        warn=lambda message: print_error(f"layerlint: {message}"),
    )


def _print_errors(errors: Iterable[FileError]) -> None:
    for error in errors:
        print_error(f"{error.place}: error: {error.message}")


def _hand_back(data: bytes) -> None:
    """What came from standard input goes, mended, to standard output."""
    with Output() as output:
        if output.is_terminal:
            output.write(visible_lines(decode(data)))
        else:
            output.write_bytes(data)


def _added(summary: Summary, report: FileReport) -> Summary:
    return Summary(
        files=summary.files + (report.source is not None),
        findings=summary.findings + len(report.findings),
        fixed=summary.fixed + report.fixed,
        errors=summary.errors + len(report.errors),
        comments=summary.comments + report.comments,
        baselined=summary.baselined + len(report.baselined),
        unchanged=summary.unchanged + report.unchanged,
    )


def _with_unsafe_fixes_only(report: FileReport, task: Task) -> int:
    """How many findings a patch leaves out because their fixes should be looked at."""
    if task.settings is None or task.settings.unsafe_fixes:
        return 0
    return sum(
        bool(found.fixes) and all(fix.safety is Safety.UNSAFE for fix in found.fixes) for found in report.findings
    )


def _fails(report: FileReport) -> bool:
    fail_on = report.fail_on
    return fail_on is not None and any(finding.severity.rank >= fail_on.rank for finding in report.findings)
