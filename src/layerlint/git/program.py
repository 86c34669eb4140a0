"""Runs git, the real program, without letting the repository that it looks at run anything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from layerlint.errors import Mistake, UserError
from layerlint.startup.lazy_pattern import lazy_pattern

# They speak of another repository than the one that is asked (git sets them for hooks), or of other pathspecs.
_NOT_INHERITED = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"}
    | {"GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"}
)
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # A clone without all objects fetches what it lacks, and its configuration says how: with any program.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
# An empty monitor is none in every version of git; older ones take "false" for a program of that name.
_OPTIONS = ("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=", "-c", f"core.hooksPath={os.devnull}")
_ADVICE = lazy_pattern(r"^\t(git .*)$", re.MULTILINE)


class GitError(Exception):
    """git did not do what it was asked. The message is git's own."""

    def told(self, title: str, next_step: str = "") -> UserError:
        """The same for the user: with git's own advice, if it has any, in place of `next_step`."""
        advice = _ADVICE.search(str(self))
        # What comes before are warnings.
        cause = str(self).rpartition("fatal: ")[2].strip() or "git does not say why"
        return UserError(Mistake(title, cause.splitlines()[0], advice[1] if advice else next_step))


@dataclass(frozen=True, slots=True)
class Git:
    """git in a folder (absolute)."""

    folder: str

    def ask(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git prints, with `given` for input. Raises GitError when it fails, UserError when it is not there."""
        done = self._run(arguments, given)
        if done.returncode != 0:
            raise GitError(done.stderr.decode("utf-8", "surrogateescape"))
        return done.stdout

    def can(self, *arguments: str) -> bool:
        """Whether git succeeds. Raises UserError when it is not there."""
        return self._run(arguments).returncode == 0

    def _run(self, arguments: tuple[str, ...], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        program = shutil.which("git")
        if program is None:
            step = "install git, or leave out --changed-since"
            raise UserError(Mistake("--changed-since needs git", "there is no program of this name in PATH", step))
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        return subprocess.run(  # noqa: S603 (its options end before what users give)
            [program, *_OPTIONS, "-C", self.folder, *arguments],
            input=given,
            capture_output=True,
            env=environment | _ENVIRONMENT,
            check=False,
        )
