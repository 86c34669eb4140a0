"""What git ignores, as far as a repository says so: nested .gitignore files and .git/info/exclude."""

# pathlib normalizes paths, and costs more than the work itself in a big tree.
# ruff: noqa: PTH112, PTH118, PTH120

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from layerlint.source.source import decode
from layerlint.startup.quick_dataclass import dataclass
from layerlint.system.reading import UnreadableError, read_bytes

if TYPE_CHECKING:
    from layerlint.globs.file_globs import Globs


_MAX_LINE_LENGTH = 4096
"""In characters: no path is longer where git runs, and what is takes seconds to read."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """The patterns that hold in one folder, the outermost first. All paths are absolute."""

    globs: tuple[Globs, ...] = ()

    def __call__(self, path: str, *, is_folder: bool) -> bool:
        """Whether git ignores `path`, given that it does not ignore the folder it is in."""
        for globs in reversed(self.globs):
            verdict = globs.matches_itself(path, is_folder=is_folder)
            if verdict is not None:
                return verdict
        return False

    def inside(self, folder: str, *, has_git: bool, has_gitignore: bool) -> Ignored:
        """What holds in `folder`, where `self` holds around it. A repository in a repository has rules of its own."""
        globs = _read(_exclude_file(os.path.join(folder, ".git")), folder) if has_git else self.globs
        if has_gitignore:
            globs += _read(os.path.join(folder, ".gitignore"), folder)
        return self if globs is self.globs else Ignored(globs)


def ignored_around(folder: str) -> Ignored:
    """What the repository that `folder` (absolute) is in says outside of `folder`.

    Nothing if `folder` is the repository's root or in no repository. Nothing too if git ignores `folder` itself: who
    names an ignored folder wants to see it.
    """
    inner: list[str] = []
    at = folder
    while not os.path.lexists(os.path.join(at, ".git")):
        parent = os.path.dirname(at)
        if parent == at:
            return Ignored()
        inner.append(at)
        at = parent
    if not inner:
        return Ignored()
    ignored = Ignored()
    for below in reversed(inner):
        ignored = ignored.inside(
            at,
            has_git=ignored == Ignored() and os.path.lexists(os.path.join(at, ".git")),
            has_gitignore=os.path.lexists(os.path.join(at, ".gitignore")),
        )
        if ignored(below, is_folder=True):
            return Ignored()
        at = below
    return ignored


def _exclude_file(git: str) -> str:
    """`.git` is a folder, or in a worktree or submodule a file that says where the folder is."""
    if os.path.isdir(git):
        return os.path.join(git, "info", "exclude")
    try:
        text = decode(read_bytes(git, limit=65536))
        folder = os.path.join(os.path.dirname(git), text.removeprefix("gitdir:").strip())
        common = decode(read_bytes(os.path.join(folder, "commondir"), limit=65536)).strip()
        folder = os.path.join(folder, common)
    except UnreadableError:
        return ""
    return os.path.join(folder, "info", "exclude")


def _read(path: str, folder: str) -> tuple[Globs, ...]:
    """The patterns in the file at `path`; none if git could not read it either, or if it has none."""
    if not path:
        return ()
    try:
        text = decode(read_bytes(path))
    except UnreadableError:
        return ()
    lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
    patterns = [line for line in lines if line.strip() and not line.startswith("#") and len(line) <= _MAX_LINE_LENGTH]
    if not patterns:
        return ()
    from layerlint.globs.file_globs import Globs  # a run may name its files, and look for none

    return (Globs.of_lines(folder, patterns),)
