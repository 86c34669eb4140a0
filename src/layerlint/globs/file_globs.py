"""File patterns in the syntax of .gitignore, for everything that takes patterns: one dialect, that people know."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING

from layerlint.globs.bracket_expressions import without_classes
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


# What pathspec makes of `*`, of `**` in the middle and of what stands in front of a pattern that holds at any depth.
_STAR, _BETWEEN, _FRONT = map(re.escape, ("[^/]*", "(?:/.+)?/", "^(?:.+/)?"))
_STARS = lazy_pattern(f"(?:{_STAR})+")
_CLASS = r"\[\^?\]?(?:\\.|[^\]\\])*\]"
_CLASS_OR_ESCAPE = lazy_pattern(rf"\\.|\[\^/\]|({_CLASS})", re.DOTALL)
_TEXT = rf"(?:\\.|\[\^/\](?![*+])|\(\?!/\){_CLASS}|[^\\\[\](){{}}/.+*?|^$])+"
_STAR_AND_TEXT = lazy_pattern(f"{_STAR}({_TEXT})(?={_STAR})", re.DOTALL)
_PARTS = f"((?:(?!{_BETWEEN}).)+)(?={_BETWEEN})"
_FRONT_AND_PARTS = lazy_pattern(_FRONT + _PARTS, re.DOTALL)
_BETWEEN_AND_PARTS = lazy_pattern(_BETWEEN + _PARTS, re.DOTALL)


@dataclass(frozen=True, slots=True)
class Globs:
    """Patterns that hold below `folder` (an absolute path)."""

    folder: str
    spec: GitIgnoreSpec

    @classmethod
    def of(cls, folder: str, patterns: Iterable[str]) -> Globs:
        """Compile `patterns`. Raises ValueError for one that means nothing, as `!` alone."""
        # Importing pathspec takes longer than linting a handful of files.
        from pathspec import GitIgnoreSpec

        with warnings.catch_warnings():
            # Of what a class of characters may mean one day, as `[a&&b]`: whoever runs layerlint can do nothing there.
            warnings.simplefilter("ignore", FutureWarning)
            try:
                spec = GitIgnoreSpec.from_lines(map(without_classes, patterns))
            except re.error as error:
                raise ValueError(str(error)) from error
            for pattern in spec.patterns:
                if pattern.regex is not None:
                    pattern.regex = _without_backtracking(pattern.regex)
        return cls(_slashes(folder).rstrip("/") + "/", spec)

    @classmethod
    def of_lines(cls, folder: str, lines: list[str]) -> Globs:
        """Compile the lines of a .gitignore; one that means nothing is passed over, as git does."""
        try:
            return cls.of(folder, lines)
        except ValueError:
            return cls.of(folder, [line for line in lines if _compiles(line)])

    def matches(self, path: str, *, is_folder: bool = False) -> bool | None:
        """Whether the last pattern that speaks of `path` (absolute) takes it in (True) or out again (False).

        None if no pattern speaks of it, or if it is not below the folder. A folder's own pattern speaks of all in it.
        """
        path = _slashes(path)
        if not path.startswith(self.folder):
            return None
        inside = path[len(self.folder) :]
        return self.spec.check_file(inside + "/" if is_folder else inside).include

    def matches_itself(self, path: str, *, is_folder: bool) -> bool | None:
        """As `matches`, but a folder's pattern speaks of the folder only, as git has it.

        For who walks down from folder to folder: pathspec's own verdict lets `!a/b` take `a/b/c` out of a pattern `c`.
        """
        path = _slashes(path)
        if not path.startswith(self.folder):
            return None
        inside = path[len(self.folder) :]
        end = len(inside)
        if is_folder:
            inside += "/"
        for pattern in reversed(self.spec.patterns):
            result = pattern.match_file(inside) if pattern.include is not None else None
            if result is None:
                continue
            # The group holds the slash behind the folder that matched: at the end, that is this folder, before it one
            # above. `*/` becomes a bare slash, found anywhere in a folder's path.
            match = result.match
            slash = match.start("ps_d") if "ps_d" in match.re.groupindex else -1
            if slash in (-1, end) or (is_folder and not match.re.pattern.startswith("^")):
                return pattern.include
        return None


def _without_backtracking(regex: re.Pattern[str]) -> re.Pattern[str]:
    """A pattern's regular expression, made to take time that grows with the path and not with its power.

    What follows a wildcard is looked for once, at the first place where it is: a later one gives what comes after it no
    more room. Nor does a class hold a slash, as git has it.
    """
    text = regex.pattern
    if "[" in text.replace("[^/]", ""):
        text = _CLASS_OR_ESCAPE.sub(lambda match: f"(?!/){match[0]}" if match[1] else match[0], text)
    if text.count("[^/]*") + text.count("(?:/.+)?") < 2:  # which is nearly every pattern
        return regex if text == regex.pattern else re.compile(text, regex.flags)
    text = _STARS.sub("[^/]*", text)
    text = _STAR_AND_TEXT.sub(r"(?>[^/]*?\1)", text)
    text = _FRONT_AND_PARTS.sub(r"^(?>(?:.+?/)??\1(?=/))", text)
    text = _BETWEEN_AND_PARTS.sub(r"(?>(?:/.+?)??/\1(?=/))", text)
    return re.compile(text, regex.flags)


def _slashes(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")


def _compiles(pattern: str) -> bool:
    try:
        Globs.of("/", [pattern])
    except ValueError:
        return False
    return True
