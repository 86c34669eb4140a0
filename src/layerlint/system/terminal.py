"""Standard output and error as they really are: closed, full, a pipe that nobody reads, a terminal of any encoding."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import BinaryIO, Self, TextIO

from layerlint.errors import Mistake, UserError
from layerlint.system.reading import cause
from layerlint.visible import visible

STATUS_BROKEN_PIPE = 141
"""What a shell reports of a program that a closed pipe ended: 128 and the number of SIGPIPE."""


def wants_color(choice: str, stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether to print colours: `choice` is `always`, `never`, or `auto` for what `stream` and `environment` say.

    NO_COLOR and FORCE_COLOR count when they are not empty, as no-color.org says; NO_COLOR is the stronger.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if (forced := environment.get("FORCE_COLOR", "")) and forced != "0":
        return True
    return stream is not None and stream.isatty() and environment.get("TERM") != "dumb"


def width() -> int:
    """The columns of the terminal; 80 if there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def print_error(*lines: str) -> None:
    """Print a message on standard error, if there is one: each of `lines` made visible, on a line of its own.

    Never fails: there is nowhere left to say so.
    """
    if sys.stderr is None:
        return
    try:
        sys.stderr.write("".join(f"{visible(line)}\n" for line in lines))
        sys.stderr.flush()
    except (OSError, ValueError):
        pass


class Output:
    """Where results go: a standard stream. Text is written as UTF-8, and its line endings as they are."""

    path = ""

    def __init__(self, *, to_error: bool = False) -> None:
        """Take standard output, or with `to_error` standard error."""
        self.stream: TextIO | None = sys.stderr if to_error else sys.stdout
        self._file: BinaryIO | None = self.stream.buffer if self.stream is not None else None

    @property
    def is_terminal(self) -> bool:
        """Whether a terminal gets it, which obeys what is written."""
        return self._file is not None and self._file.isatty()

    def write(self, text: str) -> None:
        """Write `text`; lone surrogates become the bytes that they stand for. Raises UserError or BrokenPipeError."""
        self.write_bytes(text.encode("utf-8", "surrogateescape"))

    def write_bytes(self, data: bytes) -> None:
        """Write `data` as it is. Raises UserError or BrokenPipeError."""
        if self._file is not None:
            with self._said_if_unwritable():
                self._file.write(data)

    def flush(self) -> None:
        """Hand over what has been written. Raises UserError or BrokenPipeError."""
        if self._file is not None:
            with self._said_if_unwritable():
                self._file.flush()

    @contextmanager
    def _said_if_unwritable(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise UserError(Mistake("the output cannot be written", _cause(error), path=self.path)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.flush()


def drop_standard_output() -> None:
    """Send what is still waiting to be printed nowhere, so that the interpreter's end does not stumble over it."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
    except OSError:
        pass


def _cause(error: OSError) -> str:
    return "no permission to write it" if isinstance(error, PermissionError) else cause(error)
