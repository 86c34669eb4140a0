"""A report in a file: whole, or not there."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from layerlint.system.interrupts import interrupts_held_back
from layerlint.system.replacement import Replacement, is_read_only
from layerlint.system.terminal import Output


class OutputFile(Output):
    """Where results go: a file, which is as it was until all of them are written; a symbolic link to it stays one.

    A device or a pipe, such as the shell's `>(command)`, gets them at once.
    """

    def __init__(self, path: str) -> None:
        """Look whether the file at `path` can be written. Raises UserError."""
        self.path = path
        self.stream = None
        self._new: Replacement | None = None
        with self._said_if_unwritable():
            target = Path(os.path.realpath(path))
            status = _status(target)
            if status is not None and not stat.S_ISREG(status.st_mode):
                if stat.S_ISDIR(status.st_mode):
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                self._file = None
                return
            if status is not None and is_read_only(target):
                raise PermissionError
            self._new = Replacement(target, status)
            self._file = self._new.file

    def __enter__(self) -> Self:
        """Open the device or pipe, which may take until somebody reads it. Raises UserError."""
        if self._new is None:
            with self._said_if_unwritable():
                self._file = Path(self.path).open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._new is None:
            try:
                super().__exit__(kind, error, trace)
            finally:
                self._close()
            return
        with interrupts_held_back(), self._new:
            if kind is None:
                with self._said_if_unwritable():
                    self._new.complete()
                    self._new.replace()

    def _close(self) -> None:
        # What could not be written is still waiting to be, and would fail again.
        with contextlib.suppress(OSError):
            if self._file is not None:
                self._file.close()


def _status(path: Path) -> os.stat_result | None:
    """What is at `path`, None if nothing is. Raises OSError."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None
