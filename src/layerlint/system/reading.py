"""A path to its bytes, without ever waiting for a device or a pipe, or filling the memory."""

# pathlib normalizes paths, and costs more than the work itself in a big tree.
# ruff: noqa: PTH116

from __future__ import annotations

import errno
import os
import stat
import sys

from layerlint.finding import FileError
from layerlint.source.source import Source

MAX_SIZE = 1024 * 1024
"""In bytes. Of three thousand real Dockerfiles the longest has 36 kilobytes."""

STANDARD_INPUT = "-"

_BLOCK = 65536

_KINDS = (
    (stat.S_ISDIR, "this is a folder, not a file"),
    (stat.S_ISFIFO, 'this is a named pipe, not a file; give "-" to read standard input'),
    (stat.S_ISSOCK, "this is a socket, not a file"),
    (stat.S_ISCHR, 'this is a device, not a file; give "-" to read standard input'),
    (stat.S_ISBLK, "this is a device, not a file"),
)
_CAUSES = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "there is no such file or folder",
    errno.EACCES: "no permission to read it",
    errno.EPERM: "no permission to read it",
    errno.ELOOP: "the symbolic link leads back to itself",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EISDIR: "this is a folder, not a file",
}


class UnreadableError(Exception):
    """A file that cannot be read; the message says why, without the path."""


def read(path: str, shown: str | None = None) -> Source | FileError:
    """The file at `path`, or why it cannot be linted. `shown` is the path that messages have, if not the same."""
    shown = path if shown is None else shown
    try:
        data = read_bytes(path)
    except UnreadableError as error:
        return FileError(shown, 0, 0, str(error))
    return _source(shown, data)


def read_standard_input(shown: str = STANDARD_INPUT) -> Source | FileError:
    """What standard input holds, under the name `shown`."""
    if sys.stdin is None:
        return FileError(shown, 0, 0, "standard input is closed")
    try:
        data = sys.stdin.buffer.read(MAX_SIZE + 1)
    except OSError as error:
        return FileError(shown, 0, 0, cause(error))
    if len(data) > MAX_SIZE:
        return FileError(shown, 0, 0, _too_large())
    return _source(shown, data)


def read_bytes(path: str, limit: int = MAX_SIZE) -> bytes:
    """The bytes of the regular file at `path`. Raises UnreadableError, also when there are more than `limit`."""
    try:
        # Looked at before it is opened, since opening a device can do something; and after, since it may have changed.
        _check_kind(os.stat(path))
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(descriptor)
            _check_kind(status)
            data = os.read(descriptor, min(status.st_size, limit) + 1)
            # Files that grow, and those under /proc, have more than their size says.
            while (
                len(data) != status.st_size
                and len(data) <= limit
                and (more := os.read(descriptor, min(limit + 1 - len(data), _BLOCK)))
            ):
                data += more
        finally:
            os.close(descriptor)
    except OSError as error:
        raise UnreadableError(cause(error)) from error
    except ValueError as error:  # a path may come from a configuration
        raise UnreadableError("no file's name holds a null character") from error
    if len(data) > limit:
        raise UnreadableError(_too_large(limit))
    return data


def cause(error: OSError) -> str:
    """Why an operation on a file failed, in words."""
    return _CAUSES.get(error.errno or 0) or (error.strerror or str(error)).lower()


def _check_kind(status: os.stat_result) -> None:
    if stat.S_ISREG(status.st_mode):
        return
    for is_kind, message in _KINDS:
        if is_kind(status.st_mode):
            raise UnreadableError(message)
    raise UnreadableError("this is not a file")


def _source(shown: str, data: bytes) -> Source | FileError:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileError(shown, 1, 1, "this is UTF-16; a Dockerfile must be UTF-8: save it as that")
    return Source(shown, data)


def _too_large(limit: int = MAX_SIZE) -> str:
    return f"the file is larger than {limit // 1024} KiB"
