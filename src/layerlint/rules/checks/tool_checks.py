"""What must hold of the description of a tool beyond the shape of its keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from layerlint.documents.positions import KeyPath
from layerlint.documents.validation import nearest
from layerlint.documents.yaml_model import kebab_case
from layerlint.errors import Mistake
from layerlint.globs.name_glob import matches
from layerlint.rules.checks.file_mistakes import FileMistakes
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.tools.bringer import Bringer
from layerlint.tools.config import Config, ConfigFile, ConfigWriter
from layerlint.tools.tool import Cache, Location, OptionNames, Switch, Tool
from layerlint.tools.use import Use

_USES = (
    "filled_by", "completed_by", "emptied_by", "spared_by", "needed_by", "used_by", "shown_by", "starts_itself",
)  # fmt: skip
# Where a tool's file says which options there are.
_OPTION_LISTS = (("options",), ("subcommands",), ("subcommand-options",))
_HOME = lazy_pattern(r"(?:~|/root|/home/[^/]+)/+")
# How often it is there, or its value: `--clean*2`, `--mode=dry`.
_OPTION_NAME = lazy_pattern(r"([^=]*?)(?:\*[0-9]+|=.*)?", re.DOTALL)


def check_tool(tool: Tool, mistakes: FileMistakes) -> Iterator[Mistake]:
    """What is wrong with the description of a tool."""
    checks = _ToolChecks(tool, mistakes)
    yield from checks.names()
    yield from checks.options()
    yield from checks.globs((), tool, "before_subcommand", "refuses_arguments")
    for number, cache in enumerate(tool.caches):
        yield from checks.cache(cache, ("caches", number))
    if tool.config is not None:
        yield from checks.config(tool.config)
    for number, bringer in enumerate(tool.brought_by):
        yield from checks.bringer(bringer, ("brought-by", number))


def _listed_options(tool: Tool) -> Sequence[str]:
    """All options that the description of a tool lists, for whatever subcommand."""
    tables = (tool.options, *tool.subcommands.values())
    listed = (option for table in tables for option in (*table.switches, *table.values))
    return list(dict.fromkeys((*listed, *tool.subcommand_options)))


def unlisted(name: str, tool: Tool, place: KeyPath, mistakes: FileMistakes) -> Iterator[Mistake]:
    """A mistake at `place` unless the description of the tool lists an option `name`."""
    listed = _listed_options(tool)
    # One that has lost its dashes is wrong where it is listed.
    if name not in listed and name.lstrip("-") not in listed:
        near = nearest(name, listed)
        cause = 'neither "options" nor "subcommands" of the tool lists it'
        step = f'did you mean "{near}"?' if near else 'list it in "switches", or in "values" if it takes a value'
        title = f'"{name}" is no option of {tool.tool}'
        yield from mistakes.mistake(place, title, cause, step, given=_OPTION_LISTS)


class _ToolChecks:
    def __init__(self, tool: Tool, mistakes: FileMistakes) -> None:
        self._tool = tool
        self._mistakes = mistakes
        tables = (tool.options, *tool.subcommands.values())
        self._with_value = {name for table in tables for name in table.values}

    def names(self) -> Iterator[Mistake]:
        if not self._tool.names:
            cause = "no program would be the tool's"
            yield from self._mistakes.mistake(
                ("names",), '"names" is empty', cause, f"write [{self._tool.tool}]", key=True
            )
        for index, name in enumerate(self._tool.names):
            yield from self._mistakes.program(("names", index), name)
        for index, name in enumerate(self._tool.modules):
            yield from self._mistakes.program(("modules", index), name)
        yield from self.globs((), self._tool, "names")

    def globs(self, place: KeyPath, holder: object, *fields: str) -> Iterator[Mistake]:
        for field in fields:
            yield from self._mistakes.globs((*place, kebab_case(field)), getattr(holder, field))

    def options(self) -> Iterator[Mistake]:
        """The lists of options, and what of the tool itself refers to them."""
        tool = self._tool
        yield from self._listed(tool.options, ("options",))
        for subcommand, own in tool.subcommands.items():
            yield from self._of_group(("subcommands", subcommand), subcommand, key=True)
            yield from self._listed(own, ("subcommands", subcommand))
        for index, name in enumerate(tool.subcommand_options):
            yield from self._mistakes.option(("subcommand-options", index), name)
        for name, variable in tool.given_by.items():
            yield from self._option(("given-by", name), name)
            yield from self._variable(("given-by", name, "environment"), variable.environment)
        for field in ("no_work", "ignores_environment"):
            for index, name in enumerate(getattr(tool, field)):
                yield from self._option((kebab_case(field), index), name)

    def _listed(self, names: OptionNames, place: KeyPath) -> Iterator[Mistake]:
        for key in ("switches", "values"):
            for index, name in enumerate(getattr(names, key)):
                yield from self._mistakes.option((*place, key, index), name, single_dash=self._tool.single_dash)

    def _option(self, place: KeyPath, name: str) -> Iterator[Mistake]:
        """What is wrong with an option that is referred to."""
        wrong = list(self._mistakes.option(place, name, single_dash=self._tool.single_dash))
        yield from wrong or unlisted(name, self._tool, place, self._mistakes)

    def cache(self, cache: Cache, place: KeyPath) -> Iterator[Mistake]:
        others = [each.name for each in self._tool.caches[: int(place[-1])]]
        if cache.name and cache.name in others:
            cause = "another cache of the tool has it too"
            yield from self._mistakes.mistake(
                (*place, "name"), f'name "{cache.name}" is taken', cause, "choose another one"
            )
        named = [each.name for each in self._tool.caches if each.name and each is not cache]
        if cache.source_of and cache.source_of not in named:
            title = f'no other cache of {self._tool.tool} is called "{cache.source_of}"'
            yield from self._mistakes.unknown((*place, "source-of"), title, cache.source_of, named, [("caches",)])
        for index, location in enumerate(cache.at):
            yield from self._location(location, (*place, "at", index))
        for index, switch in enumerate(cache.off_by):
            yield from self._switch(switch, (*place, "off-by", index))
        for field in _USES:
            for index, use in enumerate(getattr(cache, field)):
                yield from self._use(use, (*place, kebab_case(field), index))
        yield from self.globs(place, cache, "parts")
        for number, emptying in enumerate(cache.emptied_by):
            for index, part in enumerate(emptying.parts):
                if part not in cache.parts:
                    where = (*place, "emptied-by", number, "parts", index)
                    title = f'"{part}" is no part of the cache'
                    yield from self._mistakes.unknown(where, title, part, cache.parts, [(*place, "parts")])

    def _location(self, location: Location, place: KeyPath) -> Iterator[Mistake]:
        kinds = ("option", "environment", "config", "home", "prefix", "path")
        if sum(bool(getattr(location, kind)) for kind in kinds) != 1:
            title = "the location of the cache is not clear"
            cause = 'name one of "option", "environment", "config", "home", "prefix" and "path"'
            yield from self._mistakes.mistake(place, title, cause)
        if location.option:
            yield from self._directory_option(location, (*place, "option"))
        yield from self._mistakes.version(location.version or None, (*place, "version"))
        yield from self._paths(location, place, "home", "prefix", "below")
        yield from self._absolute(location.if_there, (*place, "if-there"))
        yield from self._variable((*place, "environment"), location.environment)
        yield from self.globs(place, location, "prefix_named", "other_versions_at")
        yield from self._programs(location.program, place)

    def _directory_option(self, location: Location, place: KeyPath) -> Iterator[Mistake]:
        wrong = list(self._option(place, location.option))
        yield from wrong
        if not wrong and not location.here and location.option not in self._with_value:
            cause = 'the directory is its value, and "switches" lists it as one without'
            step = 'list it in "values"; or, if it only says that the cache is elsewhere, say where in "here"'
            title = f'"{location.option}" takes no value'
            yield from self._mistakes.mistake(place, title, cause, step, given=_OPTION_LISTS)

    def _switch(self, switch: Switch, place: KeyPath) -> Iterator[Mistake]:
        if sum(map(bool, (switch.option, switch.environment, switch.config, switch.file))) != 1:
            title, cause = (
                "what turns the cache off is not clear",
                'name one of "option", "environment", "config" and "file"',
            )
            yield from self._mistakes.mistake(place, title, cause)
        if switch.option:
            yield from self._option((*place, "option"), switch.option)
        yield from self._variable((*place, "environment"), switch.environment)

    def _use(self, use: Use, place: KeyPath, *, takes_arguments: bool = False) -> Iterator[Mistake]:
        yield from self._mistakes.version(use.version or None, (*place, "version"))
        takes_arguments = takes_arguments or bool(use.arguments or use.first_argument or use.any_argument)
        for index, subcommand in enumerate(use.subcommand):
            where = (*place, "subcommand", index)
            yield from self._of_group(where, subcommand)
            if takes_arguments and subcommand in self._tool.groups:
                title = f'"{subcommand}" is a group, and takes no arguments'
                cause = '"groups" has it: the word behind it is a part of the subcommand'
                full = f"{subcommand} {use.arguments[0] if use.arguments else 'set'}"
                yield from self._mistakes.mistake(where, title, cause, f'write the whole name, as "{full}"')
        for field in ("with_option", "without_option", "needs_argument_or", "values_of"):
            for index, option in enumerate(getattr(use, field)):
                found = _OPTION_NAME.fullmatch(option)
                yield from self._option((*place, kebab_case(field), index), found[1] if found else option)
        yield from self.globs(place, use, "first_argument", "any_argument", "except_argument", "except_input")
        yield from self._programs(use.program, place)

    def _of_group(self, place: KeyPath, subcommand: str, *, key: bool = False) -> Iterator[Mistake]:
        """What is wrong with a subcommand of several words, all but the last of which must be a group."""
        group = subcommand.rpartition(" ")[0]
        if group and group not in self._tool.groups:
            cause = f'"{group}" is not in "groups", so that the word behind it is an argument'
            step = f'add it to "groups", or ask for "{group}" and what it is told in "arguments"'
            title = f'no subcommand is called "{subcommand}"'
            yield from self._mistakes.mistake(place, title, cause, step, key=key, given=[("groups",)])

    def _programs(self, names: Sequence[str], place: KeyPath) -> Iterator[Mistake]:
        for index, name in enumerate(names):
            if not any(matches(name, own) or matches(own, name) for own in self._tool.names):
                title = f'"{name}" is none of the tool\'s names'
                where = (*place, "program", index)
                yield from self._mistakes.unknown(where, title, name, self._tool.names, [("names",)])

    def bringer(self, bringer: Bringer, place: KeyPath) -> Iterator[Mistake]:
        yield from self.globs(place, bringer, "program", "argument")
        yield from self._mistakes.version(bringer.version or None, (*place, "version"))
        if bringer.version and not bringer.package:
            cause = 'it is that of a package, and "package" does not say of which'
            yield from self._mistakes.mistake((*place, "version"), '"version" is of nothing', cause, 'add "package"')

    def config(self, config: Config) -> Iterator[Mistake]:
        for index, file in enumerate(config.files):
            yield from self._config_file(file, ("config", "files", index))
        yield from self._variable(("config", "none-if"), config.none_if)
        if config.written_by is not None:
            yield from self._writer(config.written_by, [file.scope for file in config.files if file.scope])

    def _config_file(self, file: ConfigFile, place: KeyPath) -> Iterator[Mistake]:
        yield from self._paths(file, place, "home", "prefix", "below", "here")
        yield from self._variable((*place, "environment"), file.environment)
        for index, name in enumerate(file.unless_environment):
            yield from self._variable((*place, "unless-environment", index), name)
        for index, name in enumerate(file.unless_file_of):
            yield from self._variable((*place, "unless-file-of", index), name)

    def _writer(self, writer: ConfigWriter, scopes: Sequence[str]) -> Iterator[Mistake]:
        place = ("config", "written-by")
        known = list(dict.fromkeys(scopes))
        for field in ("set_by", "unset_by"):
            for index, use in enumerate(getattr(writer, field)):
                yield from self._use(use, (*place, kebab_case(field), index), takes_arguments=True)
        named: list[tuple[KeyPath, str]] = [((*place, "default-scope"), writer.default_scope)]
        named += [((*place, "scopes", option), scope) for option, scope in writer.scopes.items()]
        for where, scope in named:
            if scope not in known:
                title, given = f'no file has the scope "{scope}"', [("config", "files")]
                yield from self._mistakes.unknown(where, title, scope, known, given)
        for option in writer.scopes:
            yield from self._option((*place, "scopes", option), option.partition("=")[0])

    def _variable(self, place: KeyPath, name: str) -> Iterator[Mistake]:
        if name:
            yield from self._mistakes.variable(place, name)

    def _absolute(self, path: str, place: KeyPath) -> Iterator[Mistake]:
        if path and not path.startswith("/"):
            home = _HOME.sub("", path)
            step = f'write "/{path}"'
            if place[-1] == "path":
                below_home = f'{step}, or "home" for one below the home directory'
                step = f'write "home: {home}"' if home != path else below_home
            yield from self._mistakes.mistake(place, f'"{path}" is no absolute path', "it begins with a slash", step)

    def _paths(self, holder: Location | ConfigFile, place: KeyPath, *below: str) -> Iterator[Mistake]:
        """What is wrong with the paths of a location or file: `path` is absolute, those `below` something are not."""
        yield from self._absolute(holder.path, (*place, "path"))
        for field in below:
            relative = getattr(holder, field)
            if relative.startswith(("/", "~")):
                title = f'"{relative}" is no path below {_BELOW[field]}'
                step = f'write "{_HOME.sub("", relative).lstrip("/")}"'
                step += ', or "path" for an absolute one' if relative.startswith("/") and field != "below" else ""
                cause = f'"{kebab_case(field)}" is put behind that'
                yield from self._mistakes.mistake((*place, field), title, cause, step)


_BELOW = {
    "home": "the home directory",
    "prefix": "the folder that the program is installed in",
    "below": "another",
    "here": "the working directory",
}
