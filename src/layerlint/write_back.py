"""A fixed file written in place of the old one, so that at every moment one of the two is there whole."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from layerlint.finding import FileError


def write_back(path: str, old: bytes, new: bytes) -> FileError | None:
    """Replace the content of the file at `path`, which was `old` when it was read, by `new`; None if that went well.

    The file's mode stays, its owner too where this process may set it; a symbolic link stays, and the file that it
    points to changes. Nothing is written when the file is no longer what was read, may not be written, or anything
    fails: then the error says why. Hard links to the file keep the old content.
    """
    try:
        return _replace(path, Path(os.path.realpath(path, strict=True)), old, new)
    except OSError as error:
        reason = error.strerror or str(error)
        return FileError(path, 0, 0, f"the fixed file could not be written: {reason}. The file is as it was")


def _replace(path: str, target: Path, old: bytes, new: bytes) -> FileError | None:
    status = target.stat()
    # Reading anything else, a FIFO for one, might never end.
    if not stat.S_ISREG(status.st_mode):
        return FileError(path, 0, 0, "the fixed file was not written: this is not a regular file")
    # Replacing a file asks only for a folder that can be written; that the file is read-only is still meant.
    if not os.access(target, os.W_OK):
        return FileError(path, 0, 0, "the fixed file was not written: the file is read-only")
    # The name must not be one that discovery takes for a Dockerfile, should a killed process leave the file there.
    descriptor, name = tempfile.mkstemp(prefix=".layerlint-", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            _keep_owner_and_mode(name, status)
            os.fsync(file.fileno())
        if target.read_bytes() != old:
            message = "the fixed file was not written: it was changed by something else meanwhile. Run again"
            return FileError(path, 0, 0, message)
        Path(name).replace(target)
        name = ""
    finally:
        if name:
            with contextlib.suppress(OSError):
                Path(name).unlink()
    _sync_folder(target.parent)
    return None


def _keep_owner_and_mode(name: str, status: os.stat_result) -> None:
    if hasattr(os, "chown"):
        # Only the superuser may give a file away; the group may be set to one of the user's own.
        try:
            os.chown(name, status.st_uid, status.st_gid)
        except PermissionError:
            with contextlib.suppress(PermissionError):
                os.chown(name, -1, status.st_gid)
    # After the owner: changing that takes the set-user-id bit off.
    Path(name).chmod(stat.S_IMODE(status.st_mode))


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
