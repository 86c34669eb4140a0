"""What a tool is told: by its command line, by variables, by its configuration files, in this order of strength."""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from layerlint.caches.paths import normalize
from layerlint.image.files import Files
from layerlint.shell.word import HOME_OF, is_known, is_rooted
from layerlint.tools.invocation import Invocation, Option
from layerlint.tools.tool import Cache, ConfigFile, Location, Switch

NO_FILE = "/dev/null"


_SOME_PREFIX = f"{HOME_OF}prefix"


class Origin(StrEnum):
    """Where a setting comes from."""

    OPTION = "option"
    VARIABLE = "variable"
    CONFIG = "config"
    REFUSED = "refused"
    """A word on the command line that the tool does not understand."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that a tool is told: where, under which name, and what. `option` is the option itself."""

    origin: Origin
    name: str
    value: str
    option: Option | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one call of a tool, in an image whose files are known as far as `files` says.

    With `inherited`, those of a second call that the tool makes by itself: without the options.
    """

    invocation: Invocation
    files: Files
    inherited: bool = False

    def off_by(self, cache: Cache) -> Setting | None:
        """What turns the cache off. On the command line the last word counts, and over anything else."""
        switches = [switch.option for switch in cache.off_by if switch.option]
        directories = [location.option for location in cache.at if location.option]
        last = None if self.inherited else self.invocation.last([*switches, *directories])
        if last is not None:
            # An empty directory is none.
            off = last.name in switches or last.value == ""
            return Setting(Origin.OPTION, last.name, last.value or "", last) if off else None
        for switch in cache.off_by:
            setting = self._given(switch)
            if setting is not None and setting.value and is_known(setting.value):
                return setting
        return None

    def aborts(self, cache: Cache) -> Setting | None:
        """A setting that the tool does not understand, and ends."""
        refused = None if self.inherited else self.invocation.refused
        if refused is not None:
            return Setting(Origin.REFUSED, refused.value, refused.value)
        for switch in cache.off_by:
            if switch.option and not self.inherited:
                last = self.invocation.last([switch.option])
                if last is not None and last.value is not None:
                    return Setting(Origin.OPTION, last.name, last.value, last)
            setting = self._given(switch)
            if setting is None or switch.values is None or not setting.value or not is_known(setting.value):
                continue
            if setting.value.lower() not in switch.values:
                return setting
        return None

    def directory(self, cache: Cache) -> str:
        """Where the cache is: the first location that applies."""
        for location in cache.at:
            directory = self._located(location)
            if directory:
                return directory
        return ""

    def _given(self, switch: Switch) -> Setting | None:
        if switch.environment:
            value = self._environment(switch.environment)
            return Setting(Origin.VARIABLE, switch.environment, value) if value is not None else None
        if switch.config:
            value = self.config.get(switch.config)
            return Setting(Origin.CONFIG, switch.config, value) if value is not None else None
        return None

    def _located(self, location: Location) -> str:
        if location.path:
            return location.path
        if location.home:
            return self._join(self.invocation.command.environment("HOME") or "", location.home)
        if location.option:
            option = None if self.inherited else self.invocation.last([location.option])
            value = option.value if option is not None else None
        elif location.config:
            value = self.config.get(location.config)
        else:
            value = self._environment(location.environment)
        if not value or (location.absolute and not is_rooted(value)):
            return ""
        return self._join(value, location.below)

    def _environment(self, name: str) -> str | None:
        """A variable that counts: a second call has no option that would make it ignore its variables."""
        return self.invocation.command.environment(name) if self.inherited else self.invocation.environment(name)

    def _join(self, directory: str, below: str) -> str:
        """An absolute, normal path; `~` stands for the home, as tools that take a path from a variable expand it."""
        command = self.invocation.command
        if directory == "~" or directory.startswith("~/"):
            directory = (command.environment("HOME") or "") + directory[1:]
        if not is_rooted(directory):
            directory = f"{command.directory}/{directory}"
        return normalize(f"{directory}/{below}" if below else directory)

    @property
    def config(self) -> Mapping[str, str]:
        """What the configuration files say to this subcommand."""
        config = self.invocation.tool.config
        if config is None or not self.files.content:
            return {}
        if config.none_if and self.invocation.environment(config.none_if) == NO_FILE:
            return {}
        values: dict[str, str] = {}
        subcommand = self.invocation.subcommand.value if self.invocation.subcommand is not None else ""
        for section in config.sections:
            for _, path in self.config_paths():
                content = self.files.content.get(path)
                if content is not None:
                    values.update(_read_ini(content).get(section.replace("{subcommand}", subcommand), {}))
        return values

    def config_paths(self) -> Iterator[tuple[ConfigFile, str]]:
        """The configuration files that the tool reads, weakest first, with their paths."""
        invocation = self.invocation
        config = invocation.tool.config
        isolated = invocation.last(invocation.tool.ignores_environment) is not None
        for file in config.files if config is not None else ():
            if (file.of_user and isolated) or (file.unless_environment and self._environment(file.unless_environment)):
                continue
            if file.path:
                yield file, file.path
            elif file.home:
                yield file, self._join(invocation.command.environment("HOME") or "", file.home)
            elif file.prefix:
                directory, slash, _ = invocation.command.words[0].value.rpartition("/")
                # Which program of the name is found is not known, but it is the same one each time.
                yield file, self._join(f"{directory}/.." if slash else _SOME_PREFIX, file.prefix)
            else:
                value = invocation.environment(file.environment)
                if value:
                    yield file, self._join(value, file.below)


@lru_cache(maxsize=64)
def _read_ini(content: str) -> Mapping[str, Mapping[str, str]]:
    """The sections of an INI file; nothing of one that cannot be read. Keys as their tool compares them."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(content)
    except configparser.Error:
        return {}
    return {
        section: {key.lower().replace("_", "-"): value for key, value in parser.items(section)}
        for section in parser.sections()
    }


def files_after(invocation: Invocation, files: Files) -> Files:
    """The files once the tool has run, if it was called to set a key of its configuration."""
    config = invocation.tool.config
    writer = config.written_by if config is not None else None
    if writer is None:
        return files
    if writer.unset_use is not None and invocation.is_use(writer.unset_use):
        # What is left then would have to be worked out; it is not known.
        unset = [path for _, path in Settings(invocation, files).config_paths() if path in files.content]
        for path in unset:
            files = files.with_file(path, None)
        return files
    if not invocation.is_use(writer.use):
        return files
    arguments = [word.value for word in invocation.arguments[len(writer.use.arguments) :]]
    section, dot, key = (arguments[0] if arguments else "").partition(".")
    if len(arguments) != 2 or not dot or "\n" in "".join(arguments):
        return files
    scope = next(
        (writer.scopes[option.name] for option in invocation.options if option.name in writer.scopes),
        writer.default_scope,
    )
    paths = [path for file, path in Settings(invocation, files).config_paths() if file.scope == scope]
    if not paths or not is_known(paths[-1]):
        return files
    before = files.content.get(paths[-1], "")
    written = f"{before}\n[{section}]\n{key} = {arguments[1]}\n" if before is not None else None
    known = invocation.command.branch.always and is_known(arguments[1])
    return files.with_file(paths[-1], written if known else None)
