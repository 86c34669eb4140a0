"""COPY and ADD: the configuration files that they put into the image, from here-documents and the build context."""

# pathlib normalizes paths, and most of the time here goes into looking for files that are not there.
# ruff: noqa: PTH118, PTH123, PTH208

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from functools import lru_cache

from layerlint.dockerfile.build_state import BuildState
from layerlint.dockerfile.copy_arguments import read_copy
from layerlint.dockerfile.instruction import Heredoc, Instruction
from layerlint.dockerfile.mounts import Mount
from layerlint.dockerfile.words import expand
from layerlint.globs.name_glob import is_glob, matches
from layerlint.image.files import Files
from layerlint.source.source import decode
from layerlint.startup.quick_dataclass import dataclass

# A configuration file is small; what is larger is none.
_MAX_SIZE = 64 * 1024


@dataclass(frozen=True, slots=True)
class BuildContext:
    """The folder that COPY copies from, or several that it may be: the first that has a file is the one.

    Nothing outside of a folder is opened, whatever a Dockerfile or a link says. What is in a folder is looked up once:
    one object shall not serve longer than a run.
    """

    roots: tuple[str, ...]
    _names: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def read(self, path: str) -> str | None:
        """The text of a regular file in the context; None if there is none that can be read."""
        for file in self._inside(_normal(path), os.path.isfile):
            try:
                with open(file, "rb") as opened:
                    data = opened.read(_MAX_SIZE + 1)
            except OSError:
                return None
            return decode(data) if len(data) <= _MAX_SIZE else None
        return None

    def names_in(self, path: str) -> Iterator[frozenset[str]]:
        """The names of what is in each folder that has this path in the context."""
        path = _normal(path)
        return map(self._names_in, self._inside(path, os.path.isdir) if path else self.roots)

    def _inside(self, path: str, is_wanted: Callable[[str], bool]) -> Iterator[str]:
        """Where a normal `path` is in those folders that have it, with all links followed."""
        top = path.partition("/")[0]
        for root in self.roots:
            if top not in self._names_in(root):
                continue
            named = os.path.join(root, path)
            try:
                if not is_wanted(named):
                    continue
                real, real_root = os.path.realpath(named, strict=True), os.path.realpath(root, strict=True)
            except (OSError, ValueError):
                continue
            if real == real_root or real.startswith(os.path.join(real_root, "")):
                yield real

    def _names_in(self, root: str) -> frozenset[str]:
        """The names of what is in a folder itself; most paths that are asked for end here."""
        names = self._names.get(root)
        if names is None:
            try:
                names = frozenset(os.listdir(root))
            except (OSError, ValueError):
                names = frozenset()
            self._names[root] = names
        return names


def _normal(path: str) -> str:
    """A path below the top of the context, empty for the top itself; COPY takes "/" and ".." for that."""
    return os.path.normpath("/" + path).lstrip("/") if path != "." else ""


def files_after_copy(
    instruction: Instruction,
    state: BuildState,
    files: Files,
    context: BuildContext | None,
    stage_files: Files | None,
    escape: str,
) -> Files:
    """The files once a COPY or ADD has run. `stage_files` are those of the stage that it copies from, if it does."""
    arguments = read_copy(instruction, state, escape)
    if arguments is None or arguments.target is None:
        return files
    target = arguments.target
    if instruction.flags and any(flag.name == "from" for flag in instruction.flags):
        context = None
    documents = {heredoc.name: heredoc for heredoc in instruction.heredocs}
    # Of what is not known, nothing but its place can be told.
    written = [source or "" for source in arguments.sources]
    for source in [each for one in written for each in _chosen(one, files, context, stage_files)]:
        heredoc = documents.get(source.lstrip("<-").strip("'\"")) if source.startswith("<<") else None
        if heredoc is not None:
            path = _inside(target, heredoc.name) if arguments.into_folder else target
            if files.interesting(path):
                files = files.with_file(path, _text(heredoc, state, escape))
        elif (path := _place_of_interest(files, source, target, into_folder=arguments.into_folder)) and not (
            context is not None and any(True for _ in context.names_in(source))
        ):
            if stage_files is not None:
                files = files.with_file(path, stage_files.content.get(_inside("/", source)))
            else:
                files = files.with_file(path, context.read(source) if context is not None else None)
        elif stage_files is not None:
            files = _folder_of_stage(files, stage_files, source, target)
        elif context is not None:
            files = _folder(files, context, source, target)
    return files


def copies_all(copy: Instruction, state: BuildState, escape: str) -> bool:
    """Whether a COPY takes all of a file system to where it is in its own (`COPY --from=build / /`)."""
    arguments = read_copy(copy, state, escape)
    if arguments is None or arguments.target != "/":
        return False
    return any(source is not None and _normal(source) == "" for source in arguments.sources)


def _chosen(source: str, files: Files, context: BuildContext | None, stage_files: Files | None) -> Sequence[str]:
    """The files of interest that a source names with a pattern for their names; else the source itself."""
    folder, slash, pattern = source.rpartition("/")
    if source.startswith("<<") or not is_glob(pattern):
        return (source,)
    if stage_files is not None:
        split = map(posixpath.split, stage_files.content)
        names = {name for where, name in split if where == _inside("/", folder)}
    else:
        found = () if context is None else context.names_in(folder or ".")
        names = {*files.names.intersection(next(iter(found), ()))}
    return [f"{folder}{slash}{name}" for name in sorted(names) if matches(name, pattern)]


def _inside(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def _text(heredoc: Heredoc, state: BuildState, escape: str) -> str | None:
    """What a here-document writes to a file; None if that depends on what is not known."""
    written = decode(heredoc.body.data)
    return expand(written, state.variables, escape) if heredoc.expand and "$" in written else written


def _place_of_interest(files: Files, source: str, target: str, *, into_folder: bool) -> str:
    """Where a source is put that can be a file of interest; empty for any other, as most are."""
    name = source.rstrip("/").rpartition("/")[2]
    if name not in files.names and name != ".." and not files.interesting(target):
        return ""
    inside = _inside(target, name)
    path = inside if into_folder else target
    if files.interesting(path):
        return path
    return inside if name in files.names else ""


def files_on_mounts(mounts: Sequence[Mount], files: Files, context: BuildContext | None) -> Files:
    """The files as a RUN with these mounts sees them: those of the build context that are bound into it."""
    for mount in mounts:
        target = mount.target or ""
        if mount.type == "bind" and files.interesting(target) and not mount.from_:
            files = files.with_file(target, context.read(mount.source or "") if context is not None else None)
    return files


def _folder_of_stage(files: Files, stage_files: Files, source: str, target: str) -> Files:
    """The files of interest of a folder of a stage that is copied; as they were if it has none."""
    folder = _inside("/", source).rstrip("/") + "/"
    for path, content in stage_files.content.items():
        if path.startswith(folder):
            files = files.with_file(_inside(target, path[len(folder) :]), content)
    return files


def _folder(files: Files, context: BuildContext, source: str, target: str) -> Files:
    """The files of interest in a folder that is copied; as they were if it is none."""
    kept = _where_kept(files.names)
    for below in dict.fromkeys(below for names in context.names_in(source) for top, below in kept if top in names):
        content = context.read(posixpath.join(source, below))
        if content is not None:
            files = files.with_file(_inside(target, below), content)
    return files


@lru_cache(maxsize=8)  # the names are those of all configurations
def _where_kept(names: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Where in a folder, or a hidden folder of it, people keep files of these names: the first part, and all of it."""
    found: list[str] = []
    for name in sorted(names):
        stem = name.partition(".")[0]
        found += (name, f"{stem}/{name}", f".{stem}/{name}", f".config/{stem}/{name}", f"etc/{name}")
        found += (f"etc/xdg/{stem}/{name}", f"root/.{stem}/{name}", f"root/.config/{stem}/{name}")
    return tuple((below.partition("/")[0], below) for below in found)
