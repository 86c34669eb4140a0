"""What a run prints where: the outputs that the command line asks for, each with a reporter of its own."""

# pathlib normalizes paths, and the check must see them as they are given.
# ruff: noqa: PTH116

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from layerlint.errors import Mistake, UserError
from layerlint.finding import FileReport, Summary
from layerlint.reporters import FORMATS, ReportContext, Reporter, create
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass
from layerlint.system.interrupts import interrupts_held_back
from layerlint.system.terminal import Output

STANDARD_OUTPUT = "-"
STANDARD_ERROR = ""  # no file is called so
DEFAULT_FORMAT = "text"

# What stands before the first "=" is a format when it could be the name of one; a path with a "/" or "." there is not.
_FORMAT = lazy_pattern(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Target:
    """What is printed where: `path` is that of a file as it was given, or stands for a standard stream."""

    format: str
    path: str


def parse_targets(format_name: str | None, outputs: Iterable[str], *, fixes_input: bool = False) -> tuple[Target, ...]:
    """The outputs of a run, read off `--format` (None if it is not given) and every `--output [FORMAT=]FILE`.

    An output without a format takes that of `--format`, or text. If all have one, `--format` goes to standard output,
    but not where it is not given and another format goes there. With `fixes_input` standard output is taken by the
    fixed file, and the report goes to standard error. Raises UserError with every mistake.
    """
    main = format_name or DEFAULT_FORMAT
    mistakes: list[Mistake] = []
    targets: list[Target] = []
    takes_main = False
    for output in outputs:
        name, equals, path = output.partition("=")
        if not equals or not _FORMAT.fullmatch(name):
            name, path = main, output
            takes_main = True
        if name not in FORMATS:
            mistakes.append(_unknown_format(name, output))
        elif not path:
            mistakes.append(Mistake(f'--output "{output}" names no file', "it takes FILE or FORMAT=FILE"))
        else:
            targets.append(Target(name, path))
    to_standard_output = any(target.path == STANDARD_OUTPUT for target in targets)
    if fixes_input and to_standard_output:
        mistakes.append(Mistake("--output goes to standard output", "--fix prints the fixed file there", "name a file"))
    elif not takes_main and (format_name is not None or not to_standard_output):
        targets.insert(0, Target(main, STANDARD_ERROR if fixes_input else STANDARD_OUTPUT))
    mistakes += _twice(targets)
    if mistakes:
        raise UserError(*mistakes)
    return tuple(targets)


def _unknown_format(name: str, output: str) -> Mistake:
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(name, FORMATS, 1)
    meant = f'did you mean "{close[0]}"? ' if close else ""
    cause = f"the formats are: {', '.join(FORMATS)}"
    return Mistake(f'--output: unknown format "{name}"', cause, f"{meant}For a file of this name write ./{output}")


def _twice(targets: Iterable[Target]) -> Iterator[Mistake]:
    taken: dict[object, Target] = {}
    for target in targets:
        other = taken.setdefault(_identity(target.path), target)
        if other is target:
            continue
        formats = f"{other.format} and {target.format}"
        if target.path == STANDARD_OUTPUT:
            next_step = f"give one a file: --output {target.format}=FILE"
            yield Mistake("two outputs are for standard output", f"they would be mixed up: {formats}", next_step)
        else:
            cause = f"one would overwrite the other: {formats}"
            yield Mistake("two outputs are for one file", cause, "give each its own", target.path)


def _identity(path: str) -> object:
    """What the paths of two targets have in common when they lead to the same place."""
    if path in (STANDARD_OUTPUT, STANDARD_ERROR):
        return path
    try:
        status = os.stat(path)
    except OSError:
        return os.path.realpath(path)
    # Anything may be written to a device.
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else object()


def refuse_inputs(targets: Iterable[Target], inputs: Iterable[str]) -> None:
    """Refuse to write an output over one of the files that are to be checked. Raises UserError."""
    files = {_identity(target.path): target.path for target in targets}
    if files.keys() <= {STANDARD_OUTPUT, STANDARD_ERROR}:
        return
    cause = "this file is to be checked, and the output would take its place"
    taken = dict.fromkeys(files[identity] for path in inputs if (identity := _identity(path)) in files)
    if taken:
        raise UserError(
            *(Mistake("the output is one of the inputs", cause, "give another --output", path) for path in taken)
        )


class Reports:
    """The reports of a run, printed as its files are done. A file holds a whole report or is as it was before."""

    def __init__(self, targets: Iterable[Target], context: Callable[[Output], ReportContext]) -> None:
        self._targets = tuple(targets)
        self._context = context
        self._stack = ExitStack()
        self._reporters: list[Reporter] = []
        self._terminals: list[Output] = []

    def __enter__(self) -> Self:
        """Open the files. Raises UserError when one of them cannot be written."""
        with ExitStack() as opened:
            for target in self._targets:
                with interrupts_held_back():  # once there is a file, there is somebody who takes it away
                    output = _output(target.path)
                    opened.push(output)
                output.__enter__()
                self._reporters.append(create(target.format, output.write, self._context(output)))
                if output.is_terminal:
                    self._terminals.append(output)
            self._stack = opened.pop_all()
        return self

    def add(self, report: FileReport) -> None:
        """Take the next file. Raises UserError or BrokenPipeError, as `finish` and leaving the context do."""
        for reporter in self._reporters:
            reporter.add(report)
        for terminal in self._terminals:
            terminal.flush()

    def finish(self, summary: Summary) -> None:
        """Print what comes last."""
        for reporter in self._reporters:
            reporter.finish(summary)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)


def _output(path: str) -> Output:
    if path in (STANDARD_OUTPUT, STANDARD_ERROR):
        return Output(to_error=path == STANDARD_ERROR)
    from layerlint.system.output_file import OutputFile  # few runs write any

    return OutputFile(path)
