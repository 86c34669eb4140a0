"""What a tool is told: by its command line, by variables, by its configuration files, in this order of strength."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, StrEnum

from layerlint.caches.config_text import LIST_SEPARATOR, config_key, read_config_text
from layerlint.dockerfile.paths import normalize
from layerlint.globs.name_glob import matches, matches_any
from layerlint.image.accounts import ROOT_NAMES
from layerlint.image.files import Files
from layerlint.shell.paths import absolute
from layerlint.shell.word import HOME_OF, is_known, is_rooted
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.tools.config import ConfigFile
from layerlint.tools.invocation import Invocation, Option
from layerlint.tools.tool import Cache, Location, Switch
from layerlint.versions import in_range

_NO_FILE = "/dev/null"
_SOME_PREFIX = f"{HOME_OF}prefix"


class Origin(StrEnum):
    """Where a setting comes from."""

    OPTION = "option"
    VARIABLE = "variable"
    CONFIG = "config"
    FILE = "file"
    """A file that is there, whatever is in it."""
    REFUSED = "refused"
    """A word on the command line that the tool does not understand."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that a tool is told: where, under which name, and what. `option` is the option itself."""

    origin: Origin
    name: str
    value: str
    option: Option | None = None


@dataclass(frozen=True)
class ToolSettings:
    """The settings of one call of a tool, in an image whose files are known as far as `files` says.

    With `without_options`, as if none of the options were given: those of a second call that the tool makes by itself.
    """

    invocation: Invocation
    files: Files
    without_options: bool = False

    def aborts_or_off(self, cache: Cache) -> tuple[Setting | None, Setting | None]:
        """What the tool does not understand and ends at; where there is none, what turns the cache off."""
        switched = self._switched(cache)
        aborts = self._aborts(cache, switched)
        return (aborts, None) if aborts is not None else (None, self._off_by(cache, switched))

    def _aborts(self, cache: Cache, switched: Sequence[_Switched]) -> Setting | None:
        if not self.without_options:
            refused = self.invocation.refused
            if refused is not None:
                return Setting(Origin.REFUSED, refused.value, refused.value)
            for option in self.invocation.options:
                if option.value is not None and option.name in cache.switch_options:
                    return Setting(Origin.OPTION, option.name, option.value, option)
        for _, setting, effect in switched:  # there is hardly ever one, and a `next` takes longer to set up
            if effect is _Effect.ABORTS:
                return setting
        return None

    def _off_by(self, cache: Cache, switched: Sequence[_Switched]) -> Setting | None:
        """What turns the cache off. On the command line the last word counts, and over anything else."""
        if self.invocation.options and not self.without_options:
            last = self.invocation.last(cache.options_that_switch)
            if last is not None:
                # An empty directory is none.
                off = last.name in cache.switch_options or last.value == ""
                return Setting(Origin.OPTION, last.name, last.value or "", last) if off else None
        for switch, setting, effect in switched:
            if effect is _Effect.OFF:
                return setting
            if not switch.independent:
                return None
        return None

    def _switched(self, cache: Cache) -> Sequence[_Switched]:
        """The switches that have an effect, in order, but for the tool's own options."""
        switched = []
        for switch in cache.off_by:
            passed_on = self._passed_on(switch) if switch.words else None
            setting = passed_on or self._given(switch)
            if setting is not None:
                effect = _effect(switch, setting) if passed_on is None else _Effect.OFF
                if effect is not _Effect.NONE:
                    switched.append((switch, setting, effect))
        return switched

    def directory(self, cache: Cache) -> str:
        """Where the cache is: the first location that applies."""
        return self._first(cache)[0]

    def places(self, cache: Cache) -> tuple[str, tuple[str, ...]]:
        """Where the cache is, and where other versions of the tool keep it."""
        directory, location = self._first(cache)
        others = location.other_versions_at if location is not None else ()
        return directory, tuple(
            [normalize(f"{directory}/{path}") if path.startswith("..") else self._join(path, "") for path in others]
        )

    def _first(self, cache: Cache) -> tuple[str, Location | None]:
        """The directory that the first location says that applies, and that location."""
        for location in cache.at:
            directory = self._located(location)
            if directory:
                return directory, location
        return "", None

    def _passed_on(self, switch: Switch) -> Setting | None:
        """The option that hands on a word which turns the cache off."""
        if self.without_options:
            return None
        last = self.invocation.last([switch.option])
        value = last.value or "" if last is not None else ""
        return Setting(Origin.OPTION, switch.option, value, last) if {*value.split()} & {*switch.words} else None

    def _given(self, switch: Switch) -> Setting | None:
        if switch.environment:
            value = self._environment(switch.environment)
            return Setting(Origin.VARIABLE, switch.environment, value) if value is not None else None
        if switch.config:
            value = self.config.get(config_key(switch.config))
            return Setting(Origin.CONFIG, switch.config, value) if value is not None else None
        if switch.file and self.files.content:
            path = switch.file if switch.file.startswith("/") else self._join(switch.file, "")
            return Setting(Origin.FILE, switch.file, switch.file) if path in self.files.content else None
        return None

    def _applies(self, location: Location) -> bool:
        """Whether a location is one for this call of the tool, in this image."""
        if location.user and (location.user == "root") is not (self.invocation.command.user in ROOT_NAMES):
            return False
        if location.program and not matches_any(self.invocation.command.name, location.program):
            return False
        if location.version and not in_range(self.invocation.version or "none", location.version):
            return False
        return not location.if_there or location.if_there in self.files.content

    def _located(self, location: Location) -> str:
        # Most are for every call, and there are several for each use of a cache.
        is_for_some = location.user or location.program or location.version or location.if_there
        if is_for_some and not self._applies(location):
            return ""
        if location.path:
            return location.path
        if location.prefix:
            return self._below_prefix(location)
        if location.home:
            return self._join(self.invocation.command.environment("HOME") or "", location.home)
        if location.option:
            option = None if self.without_options else self.invocation.last([location.option])
            value = None if option is None else location.here or option.value
        elif location.config:
            value = self.config.get(config_key(location.config))
        else:
            value = self._environment(location.environment)
            if location.word:
                value = _rest_of_word(value or "", location.word)
        if location.list:
            value = (value or "").partition(LIST_SEPARATOR)[0].partition(location.list)[0].strip()
        if not value or (location.absolute and not is_rooted(value)):
            return ""
        return self._join(location.here or value, location.below)

    def _environment(self, name: str) -> str | None:
        """A variable that counts: a second call has no option that would make it ignore its variables."""
        return self.invocation.command.environment(name) if self.without_options else self.invocation.environment(name)

    def _join(self, directory: str, below: str) -> str:
        """An absolute, normal path; `~` stands for the home, as tools that take a path from a variable expand it."""
        command = self.invocation.command
        if directory == "~" or directory.startswith("~/"):
            directory = (command.environment("HOME") or "") + directory[1:]
        directory = absolute(directory, command.directory)
        return normalize(f"{directory}/{below}") if below else directory

    def _below_prefix(self, location: Location) -> str:
        if "/" in self.invocation.command.words[0].value:
            return self._below_program(location.prefix)
        for folder in (self.invocation.command.environment("PATH") or "").split(":"):
            prefix = folder.rstrip("/").rpartition("/")[0]
            if any(matches(prefix.rpartition("/")[2], glob) for glob in location.prefix_named):
                return self._join(prefix, location.prefix)
        return ""

    def _below_program(self, path: str) -> str:
        """A path below the folder that the program is installed in."""
        command = self.invocation.command
        directory, slash, _ = command.words[0].value.rpartition("/")
        if slash:
            return self._join(f"{directory}/..", path)
        # It may be a part of a program that is called by its path, or one of a folder of PATH. Where such a file is
        # known, that is why it is there.
        callers = [word.value.rpartition("/")[0] for word in reversed(command.wrappers)]
        for folder in (*callers, *(command.environment("PATH") or "").split(":")):
            found = self._join(f"{folder}/..", path) if folder else ""
            if found in self.files.content:
                return found
        # Which program of the name is found is not known, but it is the same one each time.
        return self._join(_SOME_PREFIX, path)

    @cached_property
    def config(self) -> Mapping[str, str]:
        """What the configuration files say to this subcommand."""
        config = self.invocation.tool.config
        if config is None or not self.files.hold(config.names):
            return {}
        if config.none_if and self.invocation.environment(config.none_if) == _NO_FILE:
            return {}
        values: dict[str, str] = {}
        read = [
            (
                file.sections if file.sections is not None else config.sections,
                read_config_text(file.form or config.form, content),
            )
            for file, path in self.config_paths()
            if (content := self.files.content.get(path)) is not None
        ]
        for section in dict.fromkeys(section for sections, _ in read for section in sections):
            own: dict[str, str] = {}
            for sections, said in read:
                if section in sections:
                    own.update(said.get(section.replace("{subcommand}", self.invocation.name), {}))
            # One that is empty takes back what weaker files say in its section, and nothing of other sections.
            values.update({key: value for key, value in own.items() if value or key not in values})
        return values

    def _names_file(self, variable: str) -> bool:
        """Whether a variable names a file that is there; yes where nothing is known of files of its name."""
        value = self._environment(variable)
        path = self._join(value, "") if value else ""
        return bool(path) and (path in self.files.content or not self.files.interesting(path))

    def config_paths(self) -> Iterator[tuple[ConfigFile, str]]:
        """The configuration files that the tool reads, weakest first, with their paths."""
        invocation = self.invocation
        config = invocation.tool.config
        for file in config.files if config is not None else ():
            if (file.of_user and invocation.ignores_environment) or any(
                map(self._environment, file.unless_environment)
            ):
                continue
            if file.unless_file_of and any(map(self._names_file, file.unless_file_of)):
                continue
            if file.path:
                yield file, file.path
            elif file.home:
                yield file, self._join(invocation.command.environment("HOME") or "", file.home)
            elif file.prefix:
                yield file, self._below_program(file.prefix)
            elif file.here:
                yield file, self._join(invocation.command.directory, file.here)
            else:
                value = invocation.environment(file.environment)
                for directory in (value or "").split(file.list) if file.list else (value,):
                    if directory:
                        yield file, self._join(directory, file.below)


def _rest_of_word(words: str, start: str) -> str:
    """What follows `start` in the last of some words that begins with it; empty if none does."""
    return next((word.removeprefix(start) for word in reversed(words.split()) if word.startswith(start)), "")


class _Effect(Enum):
    """What a setting does by way of a switch."""

    NONE = "none"
    OFF = "off"
    ON = "on"
    ABORTS = "aborts"
    """The tool does not understand it, and ends."""


_Switched = tuple[Switch, Setting, _Effect]


def _effect(switch: Switch, setting: Setting) -> _Effect:
    value = setting.value.lower()
    if not value:
        return _Effect.ABORTS if switch.empty_aborts else _Effect.NONE
    if not is_known(value):
        return _Effect.NONE
    if value in switch.on_values:
        return _Effect.ON
    return _Effect.OFF if switch.values is None or value in switch.values else _Effect.ABORTS
