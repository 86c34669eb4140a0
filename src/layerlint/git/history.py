"""What files were at a commit.

git is only asked what reads objects and the index, never the working tree: for that, it runs the filters that the
repository's configuration names. What it says is compared with the files here.
"""

# pathlib normalizes paths, and costs more than the work itself in a big tree.
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from layerlint.errors import Mistake, UserError
from layerlint.git.program import Git, GitError
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.system.reading import MAX_SIZE

_OBJECT = lazy_pattern(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\n")
_RENAMES = ("--cached", "--raw", "-z", "-M", "-l1000", "--diff-filter=R", "--no-ext-diff", "--no-textconv")
_FILE = "100"  # what the modes of files begin with; links and submodules have other ones
_SUBMODULE = "160000"
# In bytes: what every system lets a command line have.
_MAX_COMMAND_LENGTH = 24_000


def changed_since(ref: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that are not what they were where the branch left the commit `ref`, with their content there.

    `files` has the content now by absolute path without links. A file that was not there had no content; one that was
    renamed, and the index knows it, had that under its old name. Line endings that a checkout changes do not count. In
    a submodule the commit is the one that its parent had.

    Raises UserError when git is not there, does not know `ref`, or a file is in no repository.
    """
    if not ref or ref.startswith("-") or "\0" in ref:
        title = f"--changed-since: {ref!r} cannot be the name of a commit"
        step = "write a branch, a tag or a commit: main, v1.2, HEAD~3"
        raise UserError(Mistake(title, "it is empty, or begins as an option does", step))
    commits = _Commits(ref)
    changed: dict[str, bytes] = {}
    try:
        for root, inside in _by_repository(files, commits).items():
            changed |= _changed(Git(root), commits.of(root), inside)
    except GitError as error:
        title = f'--changed-since: git cannot say what changed since "{ref}"'
        raise error.told(title, "mend that, or leave out --changed-since") from error
    return changed


def _by_repository(files: Mapping[str, bytes], commits: _Commits) -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {}
    outside: list[str] = []
    for path, data in files.items():
        root = commits.repository_around(os.path.dirname(path))
        if root is None or not path.startswith(os.path.join(root, "")):
            outside.append(path)
        else:
            found.setdefault(root, {})[path] = data
    if outside:
        more = f" and {len(outside) - 1} more are" if len(outside) > 1 else " is"
        step = f"leave out {'these files' if len(outside) > 1 else 'this file'}, or --changed-since"
        raise UserError(Mistake("--changed-since: not in a git repository", f"{outside[0]}{more} in none", step))
    return found


@dataclass(slots=True)
class _Commits:
    """The commit that each repository (by its root) is compared with; None where there was nothing."""

    ref: str
    _roots: dict[str, str | None] = field(default_factory=dict)
    _commits: dict[str, str | None] = field(default_factory=dict)

    def repository_around(self, folder: str) -> str | None:
        """The root of the repository that `folder` is in. Raises GitError."""
        passed = []
        while folder not in self._roots:
            passed.append(folder)
            parent = os.path.dirname(folder)
            if os.path.lexists(os.path.join(folder, ".git")):
                found = Git(folder).ask("rev-parse", "--show-toplevel").removesuffix(b"\n")
                self._roots[folder] = os.path.realpath(os.fsdecode(found))
            elif parent == folder:
                self._roots[folder] = None
            else:
                folder = parent
        self._roots.update(dict.fromkeys(passed, self._roots[folder]))
        return self._roots[folder]

    def of(self, root: str) -> str | None:
        """The commit for the repository at `root`: in a submodule what its parent had, else where the branch left.

        Raises GitError and UserError.
        """
        here = self.repository_around(os.path.realpath(os.getcwd()))  # noqa: PTH109
        submodules: list[str] = []
        while root not in self._commits:
            parent = self.repository_around(os.path.dirname(root))
            if parent is None or root == here:
                self._commits[root] = _where_the_branch_left(Git(root), self.ref)
            else:
                submodules.append(root)
                root = parent
        for submodule in reversed(submodules):
            self._commits[submodule] = _commit_of_submodule(Git(root), self._commits[root], submodule)
            root = submodule
        return self._commits[root]


def _where_the_branch_left(git: Git, ref: str) -> str:
    """The last commit that HEAD's past and that of `ref` have in common: `ref` itself when it is in HEAD's past."""
    shallow = "fetch the history: git fetch --unshallow (in a workflow: fetch-depth: 0)"
    commit = _commit(git, ref)
    if commit is None:
        cause = f"it is no branch, tag or commit in {git.folder}"
        step = shallow if _is_shallow(git) else f"mend the name, or fetch it: git fetch origin {ref}"
        raise UserError(Mistake(f'--changed-since: git knows no commit "{ref}"', cause, step))
    try:
        return git.ask("merge-base", commit, "HEAD").decode().strip()
    except GitError as error:
        title = f'--changed-since: the branch and "{ref}" have no commit in common'
        cause = f"their histories, as far as they are in {git.folder}, do not meet"
        step = shallow if _is_shallow(git) else "name a commit of this branch"
        raise UserError(Mistake(title, cause, step)) from error


def _commit(git: Git, ref: str) -> str | None:
    """The commit that `ref` stands for. Anything but one is none: `a..b` is two, and `^a` has a sign before it."""
    found = ref
    # In two steps: `:/words` takes all that follows for words.
    for suffix in ("", "^{commit}"):
        try:
            printed = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", found + suffix)
        except GitError:
            return None
        if not _OBJECT.fullmatch(printed):
            return None
        found = printed.decode().strip()
    return found


def _is_shallow(git: Git) -> bool:
    return git.ask("rev-parse", "--is-shallow-repository") == b"true\n"


def _commit_of_submodule(parent: Git, commit: str | None, submodule: str) -> str | None:
    if commit is None:
        return None
    mode, name = _tree(parent, commit, [submodule]).get(submodule, ("", ""))
    if mode != _SUBMODULE:
        return None
    if not Git(submodule).can("cat-file", "-e", f"{name}^{{commit}}"):
        cause = f"{submodule} was at {name}, and that is not in it"
        step = f"fetch it: git -C {submodule} fetch origin {name}"
        raise UserError(Mistake("--changed-since: a submodule lacks the commit that it was at", cause, step))
    return name


def _changed(git: Git, commit: str | None, files: Mapping[str, bytes]) -> dict[str, bytes]:
    if commit is None:
        return dict.fromkeys(files, b"")
    objects = {path: name for path, (mode, name) in _tree(git, commit, files).items() if mode.startswith(_FILE)}
    if len(objects) < len(files):
        objects = _renamed(git, commit) | objects
    differing = {path: objects.get(path, "") for path in files if not _is(files[path], objects.get(path, ""))}
    try:
        contents = _contents(git, {name for name in differing.values() if name})
    except GitError as error:
        step = f"fetch what a partial clone lacks: git -C {git.folder} diff --stat {commit}"
        raise error.told("--changed-since: git cannot read what a file was", step) from error
    before = {path: contents.get(name, b"") for path, name in differing.items()}
    return {path: data for path, data in before.items() if _unix(data) != _unix(files[path]) or not differing[path]}


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _is(data: bytes, name: str) -> bool:
    """Whether `data`, as it is or as a checkout may have made it, is the content of the object `name`."""
    new = hashlib.sha1 if len(name) == 40 else hashlib.sha256
    return any(new(b"blob %d\0" % len(each) + each).hexdigest() == name for each in (data, _unix(data)))


def _tree(git: Git, commit: str, paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The mode and the object's name of what the commit has at the absolute `paths`, by path."""
    found: dict[str, tuple[str, str]] = {}
    for some in _groups(os.path.relpath(path, git.folder).replace(os.sep, "/") for path in paths):
        for entry in git.ask("ls-tree", "-z", "--full-tree", commit, "--", *some).split(b"\0")[:-1]:
            description, _, path = entry.partition(b"\t")
            mode, _, name = description.decode().split(" ")
            found[_absolute(git, path)] = (mode, name)
    return found


def _groups(paths: Iterable[str]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for path in paths:
        size += len(os.fsencode(path)) + 1
        if size > _MAX_COMMAND_LENGTH and group:
            yield group
            group, size = [], len(os.fsencode(path)) + 1
        group.append(path)
    if group:
        yield group


def _renamed(git: Git, commit: str) -> dict[str, str]:
    """The old content's name of each file that the index has under another path than the commit."""
    fields = git.ask("diff-index", *_RENAMES, commit, "--").split(b"\0")
    # `:OLD_MODE NEW_MODE OLD_NAME NEW_NAME R100`, the old path, the new one.
    descriptions = [each.decode().lstrip(":").split(" ") for each in fields[0:-1:3]]
    return {
        _absolute(git, path): name
        for (mode, _, name, *_), path in zip(descriptions, fields[2::3], strict=False)
        if mode.startswith(_FILE)
    }


def _absolute(git: Git, path: bytes) -> str:
    return os.path.join(git.folder, *os.fsdecode(path).split("/"))


def _contents(git: Git, names: Iterable[str]) -> dict[str, bytes]:
    """The contents of files, by the names of their objects; those that are no Dockerfile by their size are left out."""
    wanted = []
    for line in git.ask("cat-file", "--batch-check", given=_lines(names)).decode().splitlines():
        name, *kind_and_size = line.split()
        if len(kind_and_size) < 2:
            raise GitError(f"the object {name} is not there")
        if int(kind_and_size[1]) <= MAX_SIZE:
            wanted.append(name)
    printed = git.ask("cat-file", "--batch", given=_lines(wanted))
    contents: dict[str, bytes] = {}
    at = 0
    for name in wanted:
        start = printed.index(b"\n", at) + 1
        end = start + int(printed[at:start].split()[2])
        contents[name] = printed[start:end]
        at = end + 1
    return contents


def _lines(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in sorted(names)).encode()
