"""A file written anew beside the old one, which it replaces once it is whole."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

from layerlint.system.interrupts import interrupts_held_back


def is_read_only(path: Path) -> bool:
    """Whether the file at `path` may not be written. Replacing it asks only for a folder that may, and is not meant."""
    return not os.access(path, os.W_OK)


class Replacement:
    """A new file beside `target`; `file` takes its bytes. It gets the mode of `like`, and its owner where it may.

    As a context manager it leaves nothing behind but what `replace` has put in place. All methods raise OSError.
    """

    def __init__(self, target: Path, like: os.stat_result | None = None) -> None:
        # The name must not be one that discovery takes for a Dockerfile, should a killed process leave the file there.
        self._path = target.parent / f".layerlint-{os.urandom(8).hex()}.tmp"
        self._target = target
        self._like = like
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        # A file that is like no other is as the umask wants it; one that is shall not be open to more people meanwhile.
        descriptor = os.open(self._path, flags, 0o666 if like is None else 0o600)
        self.file = os.fdopen(descriptor, "wb")

    def complete(self) -> None:
        """Write out what `file` took, and close it."""
        self.file.flush()
        if self._like is not None:
            _take_owner_and_mode(self._path, self._like)
        os.fsync(self.file.fileno())
        self.file.close()

    def replace(self) -> None:
        """Put the completed file in the place of `target`."""
        self._path.replace(self._target)
        _sync_folder(self._target.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with interrupts_held_back():
            # What could not be written is still waiting to be, and would fail again.
            with contextlib.suppress(OSError):
                self.file.close()
            with contextlib.suppress(OSError):  # it has been put in place
                self._path.unlink()


def _take_owner_and_mode(path: Path, status: os.stat_result) -> None:
    if hasattr(os, "chown"):
        # Only the superuser may give a file away; the group may be set to one of the user's own.
        try:
            os.chown(path, status.st_uid, status.st_gid)
        except PermissionError:
            with contextlib.suppress(PermissionError):
                os.chown(path, -1, status.st_gid)
    # After the owner: changing that takes the set-user-id bit off.
    path.chmod(stat.S_IMODE(status.st_mode))


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a crash of the machine, where the system can; the file is whole either way."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
