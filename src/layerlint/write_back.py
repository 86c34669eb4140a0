"""A fixed file written in place of the old one, so that at every moment one of the two is there whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from layerlint.finding import FileError
from layerlint.replacement import Replacement


def write_back(path: str, old: bytes, fixed: bytes) -> FileError | None:
    """Replace the content of the file at `path`, which was `old` when it was read, by `fixed`; None if that went well.

    The file's mode stays, its owner too where this process may set it; a symbolic link stays, and the file that it
    points to changes. Nothing is written when the file is no longer what was read, may not be written, or anything
    fails: then the error says why. Hard links to the file keep the old content.
    """
    try:
        return _replace(path, Path(os.path.realpath(path, strict=True)), old, fixed)
    except OSError as error:
        reason = error.strerror or str(error)
        return FileError(path, 0, 0, f"the fixed file could not be written: {reason}. The file is as it was")


def _replace(path: str, target: Path, old: bytes, fixed: bytes) -> FileError | None:
    status = target.stat()
    # Reading anything else, a FIFO for one, might never end.
    if not stat.S_ISREG(status.st_mode):
        return FileError(path, 0, 0, "the fixed file was not written: this is not a regular file")
    # Replacing a file asks only for a folder that can be written; that the file is read-only is still meant.
    if not os.access(target, os.W_OK):
        return FileError(path, 0, 0, "the fixed file was not written: the file is read-only")
    with Replacement(target, status) as new:
        new.file.write(fixed)
        new.complete()
        if target.read_bytes() != old:
            message = "the fixed file was not written: it was changed by something else meanwhile. Run again"
            return FileError(path, 0, 0, message)
        new.replace()
    return None
