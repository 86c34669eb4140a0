"""Mistakes in one file, each at its place, and none that only follows from another one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from layerlint.documents.positions import KeyPath, Lookup
from layerlint.documents.validation import nearest
from layerlint.errors import Mistake, shortened
from layerlint.globs.name_glob import MAX_GLOB_LENGTH, MAX_GLOBS, has_open_bracket
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.versions import VersionRangeError, version_bounds

# What a shell can set is less; an ENV can set nearly anything.
_VARIABLE = lazy_pattern(r"[^\s=${}\"'`]+")


class FileMistakes:
    """Makes mistakes about the file at `path`, whose places `lookup` knows.

    `left_out` are the places of what has the wrong shape, and was read as if it were not there.
    """

    def __init__(self, lookup: Lookup, path: str, left_out: Collection[KeyPath] = ()) -> None:
        self._lookup = lookup
        self._path = path
        self._left_out = left_out

    def is_whole(self, *locations: KeyPath) -> bool:
        """Whether nothing was left out at `locations`, inside of them, or of what they are in."""
        return not any(
            place[: len(location)] == location[: len(place)] for place in self._left_out for location in locations
        )

    def mistake(
        self,
        location: KeyPath,
        title: str,
        cause: str,
        step: str = "",
        *,
        key: bool = False,
        given: Sequence[KeyPath] = (),
    ) -> tuple[Mistake, ...]:
        """A mistake at the value at `location`, or at its key; none if it may follow from what was left out.

        `given` are the other places that it follows from.
        """
        if not self.is_whole(location, *given):
            return ()
        line, column = self._lookup(location, key=key)
        return (Mistake(title, cause, step, self._path, line, column),)

    def unknown(
        self, location: KeyPath, title: str, word: str, known: Sequence[str], given: Sequence[KeyPath] = ()
    ) -> tuple[Mistake, ...]:
        """A mistake about a word that is none of those that are known. `given` are the places that say which are."""
        near = nearest(word, known)
        return self.mistake(
            location,
            title,
            f"known: {', '.join(known)}" if known else "there is none",
            f'did you mean "{near}"?' if near else "",
            given=given,
        )

    def option(
        self, location: KeyPath, word: str, what: str = "an option", *, single_dash: bool = False
    ) -> Iterator[Mistake]:
        """A mistake unless `word` can be an option or a flag."""
        if not word.startswith("-"):
            name = word.lstrip("/\N{EN DASH}\N{EM DASH}")
            dashes = "-" if single_dash or len(name) == 1 else "--"
            step = f'write "{dashes}{name}"' if name else ""
            yield from self.mistake(location, f'"{word}" cannot be {what}', "it begins with a dash", step)

    def version(self, text: str | None, location: KeyPath) -> Iterator[Mistake]:
        """What is wrong with a range of versions."""
        if text is None:
            return
        try:
            bounds = version_bounds(text)
        except VersionRangeError as error:
            yield from self.mistake(location, f'"{text}" is no range of versions', str(error))
            return
        # The lowest version within bounds is the lowest of all, one of the bounds or the next one behind a bound.
        named = [tuple([0] * 10), *(version for _, version in bounds)]
        lowest = [*named, *((*version[:-1], version[-1] + 1) for version in named)]
        if not any(all(compare(version, bound) for compare, bound in bounds) for version in lowest):
            cause, step = "all bounds must hold of the same version", 'for one or the other, make two of it in "any"'
            yield from self.mistake(location, f'no version is in "{text}"', cause, step)

    def variable(self, location: KeyPath, name: str) -> Iterator[Mistake]:
        """A mistake unless `name` can be that of a variable."""
        if not _VARIABLE.fullmatch(name):
            bare = name.strip("${}=")
            step = f'write "{bare}"' if _VARIABLE.fullmatch(bare) else ""
            cause = "it is the name alone, as it stands in front of the ="
            yield from self.mistake(location, f'"{name}" cannot be a variable', cause, step)

    def program(self, location: KeyPath, name: str) -> Iterator[Mistake]:
        """A mistake unless `name` can be that of a program, or a glob for such names."""
        if not name:
            yield from self.mistake(location, '"" cannot be a program', "every program has a name")
        elif "/" in name:
            bare = name.rstrip("/").rpartition("/")[2]
            cause = "programs are known by their names without the path"
            yield from self.mistake(location, f'"{name}" cannot be the name of a program', cause, f'write "{bare}"')

    def glob(self, location: KeyPath, glob: str) -> Iterator[Mistake]:
        """A mistake if `glob` has something in it that does not mean what it looks like, or is too long."""
        if len(glob) > MAX_GLOB_LENGTH:
            cause = f"it has {len(glob):,} characters, and may have {MAX_GLOB_LENGTH:,}"
            yield from self.mistake(location, f'"{shortened(glob)}" is too long for a glob', cause)
        elif has_open_bracket(glob):
            step = 'close it, or write "[[]" for the character itself'
            yield from self.mistake(location, f'"{glob}" is no glob', 'a "[" in it has no "]"', step)

    def globs(self, location: KeyPath, globs: Sequence[str]) -> Iterator[Mistake]:
        """The mistakes in a list of globs, and that it is too long."""
        if len(globs) > MAX_GLOBS:
            cause = f"there are {len(globs):,}, and may be {MAX_GLOBS:,}"
            yield from self.mistake(
                location, "there are too many globs", cause, "say what they have in common", key=True
            )
            return
        for index, glob in enumerate(globs):
            yield from self.glob((*location, index), glob)
