"""Compiled rules kept for the next run: where, when they hold, and when they can be trusted.

A cache can be wrong, broken, missing, full or somebody else's; what it costs then is the time that it would have saved.
It begins with what it holds for: the very bytes of the rule files, and the modules that give them their meaning, by
their sizes and times, as Python's own compiled modules do (with the time of the last change to the file, which nobody
sets). It is trusted if the folder and the file belong to the user who runs this and nobody else may write them, and it
is read as JSON: a forged one could not run anything.

LAYERLINT_CACHE_DIR names another folder; with LAYERLINT_NO_CACHE (not empty) there is none.
"""

# pathlib knows no file descriptors, by which the folder that is looked at is also the one that is used.
# ruff: noqa: PTH100, PTH103, PTH111, PTH116, PTH117, PTH118, PTH120, PTH123

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from zlib import crc32

from layerlint.rules.files.rule_files import RuleFile
from layerlint.version import VERSION

_FORMAT = 2
_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# All that decides what a rule file means and whether it is right: files, and folders with all in them.
MODULES = (
    "caches/removal.py", "documents", "dockerfile/keywords.py", "dockerfile/mounts.py", "errors.py", "finding.py",
    "globs/name_glob.py", "image", "rules", "shell/builtins.py", "shell/wrapper.py", "tools", "versions.py",
)  # fmt: skip
_MAX_SIZE = 64 * 1024 * 1024
_MAX_KEPT = 8
_PREFIX, _SUFFIX = "rules-", ".json"
_READ_ONLY = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


def find(files: Sequence[RuleFile], environment: Mapping[str, str] = os.environ) -> list[object] | None:
    """What `files` mean, if a run before has found it out and it can be trusted."""
    folder = cache_folder(environment)
    if folder is None or not files:
        return None
    from layerlint.rules.files.compiled import NotCompiledError, read_compiled

    try:
        key = _key(files)
        with _opened(folder) as descriptor:
            content = _read(_name(files), descriptor)
        if content is None or not content.startswith(key):
            return None
        checksum, _, compiled = content[len(key) :].partition(b"\n")
        return read_compiled(compiled) if int(checksum) == crc32(compiled) else None
    except (OSError, ValueError, NotCompiledError):
        return None


def keep(files: Sequence[RuleFile], meanings: Sequence[object], environment: Mapping[str, str] = os.environ) -> None:
    """Keep for the next run what `files` mean. Does nothing where that cannot be done safely."""
    folder = cache_folder(environment)
    if folder is None or not files:
        return
    from layerlint.rules.files.compiled import compile_files

    compiled = compile_files(meanings)
    with suppress(OSError):
        content = _key(files) + b"%d\n" % crc32(compiled) + compiled
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with _opened(folder) as descriptor:
            _write(_name(files), content, descriptor)
            _remove_old(descriptor)


def cache_folder(environment: Mapping[str, str]) -> str | None:
    """The absolute folder for what is kept between runs; None if nothing is to be kept."""
    if environment.get("LAYERLINT_NO_CACHE") or not _has_owners():
        return None
    if named := environment.get("LAYERLINT_CACHE_DIR"):
        return os.path.abspath(named)
    base = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # as the XDG Base Directory Specification has it
        home = environment["HOME"] if "HOME" in environment else os.path.expanduser("~")
        base = os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache")
    return os.path.join(base, "layerlint") if os.path.isabs(base) else None


def _has_owners() -> bool:
    """Whether the system says whom a file belongs to and can open one in a folder that is open (not Windows)."""
    return hasattr(os, "geteuid") and os.open in os.supports_dir_fd


def _key(files: Sequence[RuleFile]) -> bytes:
    """The first bytes of a cache that holds for `files`: everything that its content was made of."""
    parts = [part for file in files for part in (os.fsencode(file.path), file.data)]
    parts += [_state(path) for path in _modules()]
    head = [f"layerlint {VERSION} {_FORMAT}".encode(), *(b"%d" % len(part) for part in parts)]
    return b" ".join(head) + b"\n" + b"".join(parts) + b"\n"


def _modules() -> Iterator[str]:
    for name in MODULES:
        path = os.path.join(_PACKAGE, name)
        if name.endswith(".py"):
            yield path
        else:
            for folder, _, files in sorted(os.walk(path)):
                yield from (os.path.join(folder, file) for file in sorted(files) if file.endswith(".py"))


def _state(path: str) -> bytes:
    """What changes when the module at `path` does."""
    status = os.stat(path)
    return b"%s %d %d %d " % (os.fsencode(path), status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _name(files: Sequence[RuleFile]) -> str:
    """One name for one set of paths, so that a changed rule takes the place of what it was."""
    paths = b"\0".join(os.fsencode(file.path) for file in files)
    return f"{_PREFIX}{crc32(paths):08x}{_SUFFIX}"


@contextmanager
def _opened(folder: str) -> Iterator[int]:
    """The cache folder's descriptor. Raises OSError, also when others may write there."""
    descriptor = os.open(folder, _READ_ONLY | os.O_DIRECTORY)
    try:
        _check_owner(os.fstat(descriptor))
        yield descriptor
    finally:
        os.close(descriptor)


def _check_owner(status: os.stat_result) -> None:
    if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError


def _read(name: str, folder: int) -> bytes | None:
    descriptor = os.open(name, _READ_ONLY, dir_fd=folder)
    try:
        status = os.fstat(descriptor)
        _check_owner(status)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_SIZE:
            return None
        with suppress(OSError):
            os.utime(descriptor)  # used now: `_remove_old` asks
        return os.read(descriptor, status.st_size)
    finally:
        os.close(descriptor)


def _write(name: str, content: bytes, folder: int) -> None:
    """Write the file, or leave it as it was: another run may be reading it, and yet another writing it."""
    scratch = f".{name}.{os.getpid()}"
    descriptor = os.open(scratch, _NEW, 0o600, dir_fd=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
        os.replace(scratch, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(scratch, dir_fd=folder)
        raise


def _remove_old(folder: int) -> None:
    """Keep the few used last: every folder of rules in every virtual environment has a file of its own."""
    names = [name for name in os.listdir(folder) if name.startswith((_PREFIX, f".{_PREFIX}"))]
    names.sort(key=lambda name: os.stat(name, dir_fd=folder).st_mtime_ns, reverse=True)
    for name in names[_MAX_KEPT:]:
        os.unlink(name, dir_fd=folder)
