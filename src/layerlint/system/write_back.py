"""A file written in place of the old one, so that at every moment one of the two is there whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from layerlint.finding import FileError
from layerlint.system.interrupts import interrupts_held_back
from layerlint.system.replacement import Replacement, is_read_only


def write_back(path: str, old: bytes | None, new: bytes, what: str = "the fixed file") -> FileError | None:
    """Replace the content of the file at `path`, which was `old` when it was read, by `new`; None if that went well.

    Where `old` is None there was no file, and one is made. The file's mode stays, its owner too where this process may
    set it; a symbolic link stays, and the file that it points to changes. Nothing is written when the file is no longer
    what was read, may not be written, or anything fails: then the error says why, and calls the file `what`. Hard
    links to the file keep the old content.
    """
    try:
        target = Path(os.path.realpath(path, strict=old is not None))
        # The second Ctrl-C of somebody impatient would leave the new file beside the old one.
        with interrupts_held_back():
            refusal = _replace(target, old, new)
    except OSError as error:
        reason = error.strerror or str(error)
        left = "" if old is None else ". The file is as it was"
        return FileError(path, 0, 0, f"{what} could not be written: {reason}{left}")
    return FileError(path, 0, 0, f"{what} was not written: {refusal}") if refusal else None


def _replace(target: Path, old: bytes | None, content: bytes) -> str:
    """Put `content` in the place of `old`, or say why that must not be."""
    status = None
    if old is not None:
        status = target.stat()
        # Reading anything else, a FIFO for one, might never end.
        if not stat.S_ISREG(status.st_mode):
            return "this is not a regular file"
        if is_read_only(target):
            return "the file is read-only"
    with Replacement(target, status) as new:
        new.file.write(content)
        new.complete()
        if _content(target) != old:
            return "it was changed by something else meanwhile. Run again"
        new.replace()
    return ""


def _content(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None
