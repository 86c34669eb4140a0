"""What a shell knows at one point of a script: variables, directory, user, functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from layerlint.shell.paths import absolute
from layerlint.shell.word import UNKNOWN, is_known
from layerlint.source.source import Span
from layerlint.startup.quick_dataclass import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

    from layerlint.source.mapped_text import MappedText

# In characters. A longer value counts as unknown: `A=$A$A` again and again would fill memory.
_MAX_VALUE_LENGTH = 65_536
# Shells that expand `{a,b}` and add to a variable with `+=`. A plain `sh` is dash or busybox in the images that people
# build on.
_EXTENDED_SHELLS = frozenset({"bash", "zsh", "ksh", "mksh", "fish"})
# Variables that one shell or another sets by itself (POSIX.1, 2.5.3; the manuals of bash, dash, busybox, zsh).
_SET_BY_SHELLS = frozenset((
    "BASH", "BASHOPTS", "BASHPID", "BASH_VERSINFO", "BASH_VERSION", "COLUMNS", "EGID", "EPOCHREALTIME",
    "EPOCHSECONDS", "EUID", "GID", "GROUPS", "HOSTNAME", "HOSTTYPE", "IFS", "LINENO", "LINES", "LOGNAME",
    "MACHTYPE", "OLDPWD", "OPTIND", "OSTYPE", "PPID", "PS1", "PS2", "PS4", "PWD", "RANDOM", "SECONDS",
    "SHELL", "SHELLOPTS", "SHLVL", "UID", "USERNAME", "ZSH_NAME", "ZSH_VERSION",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variable:
    """A shell variable; `value` holds `UNKNOWN` for what is not known of it.

    `place` is the assignment as written, None for a variable that the script does not set, or not in the file as such.
    """

    value: str
    exported: bool
    place: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Function:
    """A function's body and the text that its offsets are in."""

    body: Node
    text: MappedText


class State(Mapping[str, str | None]):
    """The state of one shell. It changes as the script goes on; `copy` is cheap and later changes are not shared.

    As a mapping it is what `${...}` sees: names that are set, with None for a value that is not known.

    `arguments` are the positional parameters, None where they are not known. `local` is what a function's own variables
    were before it was called, None outside of one. `to_export` are the names of variables that are not set, and are
    exported once they are.
    `previous` is the directory that `cd -` goes to, `pushed` are those that `popd` goes back to, the last one first.
    `overridable` has the variables whose value is only a default, with that value (empty where they are not set): with
    `doubts_defaults`, those that still have it count as not known.
    """

    __slots__ = (
        "_shared",
        "_variables",
        "arguments",
        "directory",
        "doubts_defaults",
        "export_all",
        "functions",
        "home_of",
        "local",
        "no_patterns",
        "overridable",
        "previous",
        "pushed",
        "shell",
        "to_export",
        "user",
    )

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        user: str,
        directory: str,
        shell: str,
        home_of: Callable[[str], str],
    ) -> None:
        """`environment` is what the shell starts with; `user`, `directory` and values may be or hold `UNKNOWN`.

        `shell` is the shell's name without its path. `home_of` gives a user's home directory.
        """
        self._variables = {name: Variable(value, exported=True) for name, value in environment.items()}
        self._shared = False
        self.user = user
        self.directory = directory
        self.previous = UNKNOWN
        self.pushed: tuple[str, ...] = ()
        self.shell = shell
        self.home_of = home_of
        self.export_all = False
        self.no_patterns = False
        self.functions: dict[str, Function] = {}
        self.arguments: tuple[str, ...] | None = None
        self.local: dict[str, Variable | None] | None = None
        self.overridable: Mapping[str, str] = {}
        self.doubts_defaults = False
        self.to_export: frozenset[str] = frozenset()

    def copy(self) -> State:
        """A state that starts as this one is now."""
        other = State.__new__(State)
        self._shared = other._shared = True
        other._variables = self._variables
        other.user, other.directory, other.shell = self.user, self.directory, self.shell
        other.home_of = self.home_of
        other.export_all, other.no_patterns = self.export_all, self.no_patterns
        other.functions, other.arguments = self.functions, self.arguments
        other.local, other.overridable, other.to_export = self.local, self.overridable, self.to_export
        other.doubts_defaults = self.doubts_defaults
        other.previous, other.pushed = self.previous, self.pushed
        return other

    def __getitem__(self, name: str) -> str | None:
        if self._is_doubtful(name):
            return None
        value = self.value(name) if name in _SET_BY_SHELLS else self._variables[name].value
        return value if is_known(value) else None

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)

    def __contains__(self, name: object) -> bool:
        if name in self._variables or name in _SET_BY_SHELLS:
            return True
        return isinstance(name, str) and self._is_doubtful(name)

    @property
    def has_extensions(self) -> bool:
        """Whether this shell expands braces, and knows `+=`."""
        return self.shell in _EXTENDED_SHELLS

    @property
    def variables(self) -> Mapping[str, Variable]:
        """All variables. Not to be changed, and it does not change when the state does."""
        self._shared = True
        return self._variables

    def value(self, name: str) -> str:
        """The value of `$name`: empty when it is not set."""
        if self.doubts_defaults and self._is_doubtful(name):
            return UNKNOWN
        variable = self._variables.get(name)
        if variable is not None:
            return variable.value
        if name not in _SET_BY_SHELLS:
            return ""
        return self.directory if name == "PWD" else self.previous if name == "OLDPWD" else UNKNOWN

    def for_conditions(self) -> State:
        """The state in which conditions are to be read: what the user of the build may set otherwise is not known."""
        if not self.overridable or self.doubts_defaults:
            return self
        state = self.copy()
        state.doubts_defaults = True
        return state

    def _is_doubtful(self, name: str) -> bool:
        """Whether a condition is read for which the value of a variable is only a default, which it still has."""
        if not self.doubts_defaults or name not in self.overridable:
            return False
        variable = self._variables.get(name)
        return self.overridable[name] == (variable.value if variable else "")

    def declare_local(self, name: str) -> None:
        """Make a variable the function's own: what it was is back when the function has ended."""
        if self.local is not None:
            self.local.setdefault(name, self._variables.get(name))

    @property
    def in_function(self) -> bool:
        """Whether a function is being followed."""
        return self.local is not None

    def end_function(self, outer: dict[str, Variable | None] | None) -> None:
        """Give the function's own variables back what they were; `outer` are those of the function around."""
        for name, before in (self.local or {}).items():
            if before is None:
                self.unset(name)
            else:
                self._own()[name] = before
        self.local = outer

    def positional(self, name: str) -> str:
        """The value of `$1`, `$@` and so on in a function; `UNKNOWN` elsewhere."""
        if self.arguments is None:
            return UNKNOWN
        if name in {"@", "*"}:
            return " ".join(self.arguments)
        index = int(name) if len(name) < 4 else 0
        return self.arguments[index - 1] if 1 <= index <= len(self.arguments) else "" if index else UNKNOWN

    def assign(self, name: str, value: str, *, exported: bool | None = None, place: Span | None = None) -> None:
        """Set a variable, at `place`; `exported` None leaves it as it is (or exports it under `set -a`)."""
        if len(value) > _MAX_VALUE_LENGTH:
            value = UNKNOWN
        old = self._variables.get(name)
        if exported is None:
            exported = self.export_all or (old.exported if old is not None else name in self.to_export)
        self._own()[name] = Variable(value, exported, place)

    def export(self, name: str, *, exported: bool = True) -> None:
        """Export a variable (or stop to); one that is not set stays so, and is exported once it is."""
        old = self._variables.get(name)
        if old is None:
            self.to_export = self.to_export | {name} if exported else self.to_export - {name}
        elif old.exported is not exported:
            self._own()[name] = replace(old, exported=exported)

    def unset(self, name: str) -> None:
        """Remove a variable."""
        self.to_export -= {name}
        if name in self._variables:
            del self._own()[name]

    def set_option(self, name: str, *, on: bool) -> None:
        """Turn an option of the shell on or off, by its letter or name (POSIX.1, set); others than these are no matter.

        With `a` each assignment exports; with `f` no pattern becomes the names of files.
        """
        if name in {"a", "allexport"}:
            self.export_all = on
        elif name in {"f", "noglob"}:
            self.no_patterns = on

    def only_exported(self, names: Collection[str] | None = None) -> None:
        """Drop what a new program does not inherit, and of the rest all but `names`, where those are given."""
        self._variables = {
            name: variable
            for name, variable in self._variables.items()
            if variable.exported and (names is None or name in names)
        }
        self._shared = False
        self.export_all = self.no_patterns = False
        self.functions = {}
        self.arguments = None
        self.local = None
        self.to_export = frozenset()

    def define(self, name: str, function: Function) -> None:
        """Define a function."""
        self.functions = {**self.functions, name: function}

    def resolve(self, path: str) -> str:
        """An absolute path without `.`, `..` and doubled slashes; `UNKNOWN` in it where it is not known."""
        return absolute(path, self.directory)

    def adopt(self, other: State) -> None:
        """Go on as `other` did: after a branch that certainly ran."""
        self._variables, self._shared = other._variables, True
        other._shared = True
        self.directory, self.functions = other.directory, other.functions
        self.export_all, self.no_patterns = other.export_all, other.no_patterns
        self.to_export, self.arguments = other.to_export, other.arguments
        self.previous, self.pushed = other.previous, other.pushed

    def merge(self, other: State) -> int:
        """Forget what differs from `other`: after a branch that may have run or not.

        The result is how many variables have been looked at.
        """
        names = self._variables.keys() | other._variables.keys() if other._variables is not self._variables else set()
        for name in names:
            mine, its = self._variables.get(name), other._variables.get(name)
            if mine != its:
                exported = any(variable is not None and variable.exported for variable in (mine, its))
                self._own()[name] = Variable(UNKNOWN, exported)
        if other.directory != self.directory:
            self.directory = UNKNOWN
        if other.previous != self.previous:
            self.previous = UNKNOWN
        if other.pushed != self.pushed:
            self.pushed = ()
        if other.functions is not self.functions:
            self.functions = {**other.functions, **self.functions}
        if other.arguments != self.arguments:
            self.arguments = None
        self.export_all &= other.export_all
        self.no_patterns |= other.no_patterns
        self.to_export &= other.to_export
        return len(names)

    def _own(self) -> dict[str, Variable]:
        if self._shared:
            self._variables, self._shared = dict(self._variables), False
        return self._variables
