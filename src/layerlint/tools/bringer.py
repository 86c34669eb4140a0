"""Programs that bring a copy of a tool with them: behind one of them, another version may be the one that is called."""

from __future__ import annotations

from collections.abc import Mapping

from layerlint.globs.name_glob import matches_any
from layerlint.shell.command import Command
from layerlint.startup.quick_dataclass import dataclass
from layerlint.versions import NEWEST, in_range


@dataclass(frozen=True, slots=True, kw_only=True)
class Bringer:
    """Other programs that bring a copy of a tool: which version is called behind one of them is not known.

    `program` are globs for their names. With `argument` they do where an argument matches one of these globs, or is not
    known. `package` is what the programs are in, one of the packages that the tool installs: with `version`, what is
    there of that must be in this range; where it is not known, it is taken for the newest.
    """

    program: tuple[str, ...]
    argument: tuple[str, ...] = ()
    package: str = ""
    version: str = ""


def brings(bringer: Bringer, command: Command, versions: Mapping[str, str]) -> bool:
    """Whether a program that may bring a copy of a tool does so where it is called like this."""
    if bringer.version and not in_range(versions.get(bringer.package) or NEWEST, bringer.version):
        return False
    words = command.words[1:] if bringer.argument else ()
    return not bringer.argument or any(not word.known or matches_any(word.value, bringer.argument) for word in words)
