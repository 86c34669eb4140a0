"""What is known of a program that starts another program, as data."""

from __future__ import annotations

from enum import StrEnum

from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property


class Environment(StrEnum):
    """What the wrapped program gets of the environment."""

    KEPT = "kept"
    CLEARED = "cleared"


@dataclass(frozen=True)
class Wrapper:
    """How to take a program off the front of a command.

    `names` are globs for the program's name; all option names are as written, with their dashes.
    """

    names: tuple[str, ...]
    values: tuple[str, ...] = ()
    """Options whose value is the next word, and of no further interest."""
    subcommands: tuple[str, ...] = ()
    """One of these must be its first words that are no options (`run`, `tool run`); else it wraps nothing."""
    is_command: bool = False
    """Whether it does work of its own too, so that it counts as a command beside the one that it starts."""
    skip: int = 0
    """How many words stand before the command (`timeout 10 ...`)."""
    assignments: bool = False
    """Whether `NAME=value` words before the command set its environment."""
    script: tuple[str, ...] = ()
    """Options whose value is shell text; one may stand behind the words that are skipped, or behind the user."""
    shell: tuple[str, ...] = ()
    """Options whose value is the shell that runs it."""
    starts_shell: bool = False
    """Whether it starts a shell where it is given neither a command nor shell text."""
    starts_shell_with: tuple[str, ...] = ()
    """Options with which it does."""
    last_is_script: bool = False
    """Whether its last word is shell text, unless the command stands behind `--` (`scl enable`)."""
    module: tuple[str, ...] = ()
    """Options whose value is the name of the program, and end the wrapper's options."""
    code: tuple[str, ...] = ()
    """Options whose value is a program in another language: nothing that can be followed."""
    main_file: str = ""
    """The name of the script that stands for the folder it is in (`tool/__main__.py` for `tool`)."""
    standard_input: tuple[str, ...] = ()
    """Words that stand for the script that it reads from its standard input, as no word at all does."""
    is_shell: bool = False
    """Whether shell text that it is given runs in a shell of its name; otherwise it runs in `sh`."""
    slashed: bool = False
    """Whether its options are whole words that may begin with a slash, as on Windows."""
    environment: Environment = Environment.KEPT
    """What the program gets of the environment. Of one that is cleared, PATH stays."""
    keeps_environment: tuple[str, ...] = ()
    """Options with which all of the environment stays or, where they have a value, the variables that this lists."""
    clears_environment: tuple[str, ...] = ()
    """Options with which the environment is cleared all the same."""
    unsets: tuple[str, ...] = ()
    """Options whose value is a variable to take out of the environment."""
    user: tuple[str, ...] = ()
    """Options whose value is the user to become."""
    user_first: bool = False
    """Whether the first word that is no option is the user, unless an option names one."""
    default_user: str = ""
    """Who it becomes when no user is named; empty for no change."""
    sets_home: bool = False
    """Whether HOME becomes the new user's."""
    keeps_home: tuple[str, ...] = ()
    """Options with which HOME stays as it is."""
    sets_home_with: tuple[str, ...] = ()
    """Options with which HOME becomes the new user's all the same."""
    directory: tuple[str, ...] = ()
    """Options whose value is the directory to run in."""
    goes_home_with: tuple[str, ...] = ()
    """Options with which it runs in the home directory."""
    appends: bool = False
    """Whether it puts arguments of its own behind the command's (`xargs`)."""
    after: tuple[str, ...] = ()
    """Words behind which the command stands (`find -exec`); it ends at `;` or `+`."""

    @cached_property
    def value_options(self) -> frozenset[str]:
        """Every option that takes a value."""
        others = self.module + self.code + self.unsets + self.user + self.directory
        return frozenset(self.values + self.script + self.shell + others)
