"""From the paths on the command line to the files to lint."""

# pathlib normalizes paths, and costs more than the work itself in a big tree.
# ruff: noqa: PTH114, PTH116, PTH118, PTH120

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Set
from functools import cache

from layerlint.finding import FileError
from layerlint.git.gitignore import Ignored, ignored_around
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass
from layerlint.system.reading import cause

_NAME = lazy_pattern(r"(?:.+[._-])?(?:dockerfile|containerfile)(?:[._-].+)?", re.DOTALL | re.IGNORECASE)
# Endings of what is about a Dockerfile: lists of what to leave out, templates, prose, data, scripts, backups.
# No `txt`: Windows adds it to what people save as Dockerfile, and they build it.
_NO_DOCKERFILE = lazy_pattern(
    r"""
    dockerignore | containerignore | j2 | jinja2? | tmpl | tpl | template | erb | in
    | mdx? | markdown | rst | adoc | asciidoc | html? | pdf | log | diff | patch
    | ya?ml | json | toml | xml | csv | ini | sql | lock | sh | bash | zsh | fish | ps1 | bat | cmd
    | bak | backup | old | orig | rej | save | swp | swo
    """,
    re.VERBOSE,
)
# Endings of source code, as in `test_dockerfile.py`. `Dockerfile.py` is what people call the Dockerfile for Python.
_SOURCE_CODE = lazy_pattern(
    r"""
    py | pyi | pyc | ipynb | [cm]?js | jsx | [cm]?ts | tsx | vue | go | rs
    | c | h | cc | cpp | cxx | hpp | cs | fs | swift | java | class | kts? | scala | groovy
    | rb | pl | pm | php | lua | r | jl | hs | ml | erl | exs? | clj | el | vim | s?css
    """,
    re.VERBOSE,
)
_FOR_A_LANGUAGE = lazy_pattern(r"(?:D(?i:ockerfile)|C(?i:ontainerfile))\.[^.]+")
_SKIPPED_FOLDERS = frozenset({".git", "node_modules"})
_VIRTUAL_ENVIRONMENT = "pyvenv.cfg"

Exclude = Callable[[str, bool], bool]
"""Whether configuration excludes the absolute path, which is a folder's if the second argument is true."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to lint: `path` as it is shown (as given, forward slashes), and where it is, links to folders resolved.

    `outside` says that nobody named it: it is a link, and what it leads to is in none of the paths that were given.
    """

    path: str
    absolute: str
    outside: bool = False


def is_dockerfile_name(name: str) -> bool:
    """Whether a file of this name is linted when it is found in a folder."""
    # Asked of every file of a tree: most names end here.
    folded = name.lower()
    if ("dockerfile" not in folded and "containerfile" not in folded) or _NAME.fullmatch(name) is None:
        return False
    ending = folded.rpartition(".")[2]
    if _SOURCE_CODE.fullmatch(ending) is not None:
        return _FOR_A_LANGUAGE.fullmatch(name) is not None
    return _NO_DOCKERFILE.fullmatch(ending) is None and not name.endswith("~")


def discover(
    paths: Iterable[str], *, exclude: Exclude = lambda _path, _is_folder: False, force_exclude: bool = False
) -> Iterator[Found | FileError]:
    """The files to lint: in the order of `paths`, and in each folder sorted by name, each file once.

    A file in `paths` is taken whatever its name and whatever excludes it, unless `force_exclude` says that
    `exclude` holds for it too. What is not there and folders that cannot be read come out as errors.
    """
    paths = list(paths)
    given: Set[str] = frozenset()
    seen: set[str] = set()
    real_folder = cache(os.path.realpath)  # many files of a folder may be named, one by one
    for path in paths:
        shown = _shown(path)
        try:
            status = os.lstat(path)
            is_link = stat.S_ISLNK(status.st_mode)
            is_folder = stat.S_ISDIR((os.stat(path) if is_link else status).st_mode)
        except OSError as error:
            is_link = os.path.islink(path) and isinstance(error, FileNotFoundError)
            yield FileError(shown, 0, 0, "the symbolic link leads nowhere" if is_link else cause(error))
            continue
        if is_folder:
            given = given or frozenset(map(os.path.realpath, paths))
            yield from _walk(shown, os.path.realpath(path), exclude, seen, given)
            continue
        folder, name = os.path.split(path)
        absolute = os.path.join(real_folder(folder), name)
        if not (force_exclude and _excluded(absolute, exclude)):
            real = os.path.realpath(absolute) if is_link else absolute
            if real not in seen:
                seen.add(real)
                yield Found(shown, absolute)


def _shown(path: str) -> str:
    if not path:
        return '""'  # an unset variable of a script, as a rule
    if os.sep != "/":
        path = path.replace(os.sep, "/")
    parts = path.split("/")
    kept = [part for position, part in enumerate(parts) if part not in ("", ".") or position == 0 == len(part)]
    return "/".join(kept) or ("/" if path.startswith("/") else ".")


def _excluded(path: str, exclude: Exclude) -> bool:
    """Whether `path` or a folder above it is excluded."""
    if exclude(path, False):  # noqa: FBT003 (the protocol is a plain callable)
        return True
    folder = os.path.dirname(path)
    while folder != os.path.dirname(folder):
        if exclude(folder, True):  # noqa: FBT003
            return True
        folder = os.path.dirname(folder)
    return False


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder that is still to be looked through, and what is ignored in it."""

    shown: str
    absolute: str
    ignored: Ignored


_File = tuple[str, str, bool]
"""A file that was found in a folder: as it is shown, its absolute path, and whether it is a link."""


def _walk(shown: str, root: str, exclude: Exclude, seen: set[str], given: Set[str]) -> Iterator[Found | FileError]:
    """Everything below one of the `given` folders. Links to folders are not followed, so there are no loops."""
    # What is still to do, the next at the end; a file found in a folder waits here for its turn between its neighbours.
    waiting: list[_Folder | _File] = [_Folder(shown, root, ignored_around(root))]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            path, absolute, is_link = item
            # `root` is a real path and links to folders are not followed: only the last part can be a link.
            real = os.path.realpath(absolute) if is_link else absolute
            if real not in seen:
                seen.add(real)
                yield Found(path, absolute, outside=is_link and not _is_in(real, given))
            continue
        try:
            with os.scandir(item.absolute) as entries:
                listed = list(entries)
        except OSError as error:
            yield FileError(item.shown, 0, 0, f"the folder cannot be read: {cause(error)}")
            continue
        names = {entry.name for entry in listed}
        if _VIRTUAL_ENVIRONMENT in names and item.absolute != root:
            continue
        ignored = item.ignored.inside(item.absolute, has_git=".git" in names, has_gitignore=".gitignore" in names)
        prefix = "" if item.shown == "." else item.shown.removesuffix("/") + "/"
        below = [
            inner for entry in listed if (inner := _entry(entry, prefix + entry.name, ignored, exclude)) is not None
        ]
        below.sort(key=_shown_path, reverse=True)
        waiting.extend(below)


def _is_in(path: str, given: Set[str]) -> bool:
    """Whether the absolute `path` or a folder above it is one of those given."""
    while path not in given:
        folder = os.path.dirname(path)
        if folder == path:
            return False
        path = folder
    return True


def _entry(entry: os.DirEntry[str], shown: str, ignored: Ignored, exclude: Exclude) -> _Folder | _File | None:
    """What is to be done about one entry of a folder, None if nothing."""
    try:
        if entry.is_dir(follow_symlinks=False):
            if entry.name in _SKIPPED_FOLDERS or ignored(entry.path, is_folder=True) or exclude(entry.path, True):  # noqa: FBT003
                return None
            return _Folder(shown, entry.path, ignored)
        # A pipe, a socket or a folder behind a link may have a Dockerfile's name.
        if not is_dockerfile_name(entry.name) or not entry.is_file():
            return None
        if ignored(entry.path, is_folder=False) or exclude(entry.path, False):  # noqa: FBT003
            return None
        return shown, entry.path, entry.is_symlink()
    except OSError:  # it vanished, or a link leads back to itself
        return None


def _shown_path(item: _Folder | _File) -> str:
    return item.shown if isinstance(item, _Folder) else item[0]
