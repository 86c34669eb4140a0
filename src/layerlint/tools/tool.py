"""What layerlint knows of a tool. Only data, read from a `tool.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, ClassVar, Literal

from layerlint.documents.yaml_model import STRICT, NeverNull
from layerlint.globs.name_glob import is_glob, matches
from layerlint.shell.wrapper import Wrapper
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.tools.bringer import Bringer
from layerlint.tools.config import Config
from layerlint.tools.option_variable import OptionVariable
from layerlint.tools.use import Emptying, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionNames:
    """Options by their names with dashes: `switches` stand alone, `values` take the next word or what follows `=`."""

    switches: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPackage:
    """The package that a tool is in, by which it installs another version of itself: its `name` is an argument.

    What stands behind the name says which version, as far as it does. `installed_by` are the uses that install it,
    `renewed_by` those that install the newest where no argument names it, `version_set_by` those whose first argument
    is the version alone. `version_names` are words for versions. `others` are packages that are installed in the same
    way, of whose programs the version matters too.
    """

    name: str
    others: tuple[str, ...] = ()
    installed_by: tuple[Use, ...]
    renewed_by: tuple[Use, ...] = ()
    version_set_by: tuple[Use, ...] = ()
    version_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place where a cache can be: one of `option`, `environment`, `config`, `home`, `prefix` and `path` says where.

    `option` is an option whose value is the directory, `environment` a variable that holds it (not if empty),
    `config` a key of the tool's configuration files, `home` a path below the home directory, `path` an absolute one,
    `prefix` one below the folder that the program is installed in, which is known where it is called by its path, or
    where `prefix_named` has a glob for that folder's name and PATH has a folder in such a one.
    With `word`, the value of a variable is words for another program: one that begins with `word` says it, in the rest.
    With `list`, what a variable says are directories with this text between, or a key has a list of them: the first
    counts.
    `below` is added to what an option, variable or key says. With `here`, the option, variable or key only says that
    the cache is at that path below the working directory, whatever its value. With `absolute`, a relative directory is
    ignored. `user` says whose cache is there: root's, or that of all `others`; empty for everybody's. `program` are
    globs for the names by which the tool must be called for it to apply; none for all. With `version`, the tool's must
    be known to be in this range. With `if_there`, this absolute path must be there.

    `other_versions_at` are paths (absolute, below `~`, below the working directory, or with `..` in front from the
    directory that it is in) where other versions or settings of the tool have the cache when this applies: which of
    them runs is not known, so that a removal or a mount of one of them counts too.

    A `*` that is all of a name stands for one that is not known, as that of a version.
    """

    option: str = ""
    environment: str = ""
    config: str = ""
    home: str = ""
    prefix: str = ""
    prefix_named: tuple[str, ...] = ()
    path: str = ""
    word: str = ""
    list: str = ""
    below: str = ""
    here: str = ""
    absolute: bool = False
    user: Literal["root", "others", ""] = ""
    program: tuple[str, ...] = ()
    version: str = ""
    if_there: str = ""
    other_versions_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(NeverNull):
    """What turns a cache off: an `option`, a variable `environment`, a key `config`, or a `file` that is there.

    With `words`, the value of `option` is words for another program, and one of these turns the cache off.
    `values` are the words that a variable or key may hold to turn it off, in any case; None: any word. With one of
    `on_values` the cache stays on, with any other word the tool aborts. One that is empty has no effect, or, with
    `empty_aborts`, makes it abort. `file` is an absolute path, or one below the working directory. A switch that leaves
    the cache on counts over those behind it, unless it is `independent`.
    """

    option: str = ""
    words: tuple[str, ...] = ()
    environment: str = ""
    config: str = ""
    file: str = ""
    values: tuple[str, ...] | None = None
    on_values: tuple[str, ...] = ()
    empty_aborts: bool = False
    independent: bool = False


@dataclass(frozen=True, slots=True)
class CacheUses:
    """What a call of one subcommand can be to a cache; the fields are those of `Cache`."""

    filled_by: tuple[Use, ...]
    completed_by: tuple[Use, ...]
    emptied_by: tuple[Emptying, ...]
    spared_by: tuple[Use, ...]
    needed_by: tuple[Use, ...]
    used_by: tuple[Use, ...]
    shown_by: tuple[Use, ...]

    @property
    def all(self) -> tuple[Use, ...]:
        """The uses of all kinds."""
        return tuple(use for kind in CacheUses.__slots__ for use in getattr(self, kind))

    def of(self, subcommand: str) -> CacheUses | None:
        """Those that a call of `subcommand` can be, None if there are none; empty stands for one that no use names."""
        kinds = (getattr(self, kind) for kind in CacheUses.__slots__)
        left = CacheUses(
            *(tuple(use for use in uses if not use.subcommand or subcommand in use.subcommand) for uses in kinds)
        )
        return left if left.all else None


@dataclass(frozen=True, kw_only=True)
class Cache:
    """One cache of a tool: what fills it, where it is, what keeps the tool from using it, what empties it.

    `name` tells the caches of one tool apart, for rules; `title` is how to speak of it in a sentence. Of caches with
    one title a rule reports only the first at a place. `at` is in order of precedence, the first that applies counts;
    if none does, there is no such cache. `completed_by` are uses that fetch what is not there yet: they fill it where
    nothing in the stage has before. Where another cache of the tool is filled from it, `source_of` is that one's name,
    and they fetch what is in neither. With `kept_elsewhere` what is fetched is installed elsewhere, where they find it
    whatever has become of the cache, and whatever kept it from being filled; also where a COPY brings it from another
    stage.

    `directory_turns_on` says that a directory named by an option on the command line turns the cache on again when only
    a variable or the configuration has turned it off, and after the option that does. `emptied_by` are uses that empty
    it, `spared_by` those that look as if they did and leave it, or fail. `needed_by` are uses that fail where the cache
    is off, `used_by` those that fail where nothing has filled it before, `shown_by` those that print its directory.
    `parts` are the paths in it that together are all of it: names, or globs for files.

    `needs` says what the tool's user must be allowed for the cache to be used: to `write` there, as root always may; or
    to `own` it, where root may write only if the directory, or the nearest one above it that is there, belongs to root.
    `starts_itself` are the uses in which the tool starts a second one of itself, which gets the environment and not the
    options.
    """

    title: str
    filled_by: tuple[Use, ...]
    at: tuple[Location, ...]
    name: str = ""
    completed_by: tuple[Use, ...] = ()
    source_of: str = ""
    kept_elsewhere: bool = False
    off_by: tuple[Switch, ...] = ()
    directory_turns_on: bool = False
    emptied_by: tuple[Emptying, ...] = ()
    spared_by: tuple[Use, ...] = ()
    needed_by: tuple[Use, ...] = ()
    used_by: tuple[Use, ...] = ()
    parts: tuple[str, ...] = ()
    shown_by: tuple[Use, ...] = ()
    needs: Literal["write", "own", ""] = ""
    starts_itself: tuple[Use, ...] = ()

    @cached_property
    def switch_options(self) -> frozenset[str]:
        """The tool's own options that turn the cache off."""
        return frozenset(switch.option for switch in self.off_by if switch.option and not switch.words)

    @cached_property
    def options_that_switch(self) -> frozenset[str]:
        """Its options of which the last on a line says whether the cache is on."""
        directories = [location.option for location in self.at if location.option and self.directory_turns_on]
        return self.switch_options.union(directories)

    def uses_of(self, subcommand: str) -> CacheUses | None:
        """What a call of the subcommand can be to the cache, None if nothing: most are nothing to most."""
        uses = self._uses_by_subcommand
        return uses[subcommand] if subcommand in uses else uses[""]

    @cached_property
    def _uses_by_subcommand(self) -> Mapping[str, CacheUses | None]:
        """The uses by the subcommands that they name; under the empty name those of any other."""
        uses = CacheUses(*(getattr(self, kind) for kind in CacheUses.__slots__))
        return {name: uses.of(name) for name in {"", *(name for use in uses.all for name in use.subcommand)}}


@dataclass(frozen=True, kw_only=True)
class Tool(NeverNull):
    """A package manager.

    `names` are globs for the program's name without its path, `modules` names that are its only where Python runs them
    as modules. `wrappers` says how its subcommands that start other programs do so.
    `groups` are subcommands of which the next word is a part (`cache` of `cache clean`); their full names have a space.
    Words that match a glob of `before_subcommand` may stand in front of the subcommand. `subcommand_options` are the
    options that are the subcommands of a tool which has no others: no word is one then. `passes_on` are subcommands, or
    programs that have none, that hand on all words from their first argument. `without_subcommand` are globs for
    programs of the tool that have none either, and take its options: what they do, they do under their own name.
    `subcommands` names those whose options differ from `options`, and by a glob such programs. With
    `several_subcommands`, the arguments are subcommands too, and are said with the first. With `abbreviated`, an
    unambiguous beginning of a long option is the option; with `single_dash`, long options have one dash and letters
    cannot be joined.

    With one of `no_work` on its line the tool only prints, unless it is given a value that it takes there.
    `ignores_environment` are the options that make it ignore its variables, `given_by` has for an option a variable
    that gives it. With `refuses_unknown_options` it stops at an option that it does not know, and at an argument that
    matches one of the globs `refuses_arguments`. `own_package` is what it is called where it installs itself.
    `brought_by` are other programs that bring a copy of it.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    tool: str
    names: tuple[str, ...]
    modules: tuple[str, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    groups: tuple[str, ...] = ()
    before_subcommand: tuple[str, ...] = ()
    subcommand_options: tuple[str, ...] = ()
    passes_on: tuple[str, ...] = ()
    without_subcommand: tuple[str, ...] = ()
    several_subcommands: bool = False
    abbreviated: bool = False
    single_dash: bool = False
    options: OptionNames = field(default_factory=OptionNames)
    subcommands: Mapping[str, OptionNames] = field(default_factory=dict)
    no_work: tuple[str, ...] = ()
    ignores_environment: tuple[str, ...] = ()
    given_by: Mapping[str, OptionVariable] = field(default_factory=dict)
    refuses_unknown_options: bool = False
    refuses_arguments: tuple[str, ...] = ()
    config: Config | None = None
    own_package: OwnPackage | None = None
    brought_by: tuple[Bringer, ...] = ()
    caches: tuple[Cache, ...] = ()

    def completed_with(self, cache: Cache) -> tuple[Cache, ...]:
        """The caches in which the uses `completed_by` of a cache look for what they would fetch."""
        return (cache, *(each for each in self.caches if cache.source_of and each.name == cache.source_of))

    @cached_property
    def config_paths(self) -> tuple[str, ...]:
        """Where its configuration files are, each as far as it is said."""
        return tuple(file.where for file in self.config.files) if self.config is not None else ()

    @cached_property
    def switch_paths(self) -> tuple[str, ...]:
        """The files that turn one of its caches off."""
        switches = (switch for cache in self.caches for switch in cache.off_by)
        return tuple(switch.file for switch in switches if switch.file)

    @cached_property
    def location_paths(self) -> tuple[str, ...]:
        """What says where one of its caches is by being there."""
        locations = (location for cache in self.caches for location in cache.at)
        return tuple(location.if_there for location in locations if location.if_there)

    def option_table(self, subcommand: str) -> Mapping[str, bool]:
        """Every option that counts for a subcommand, and whether it takes a value."""
        table = self._option_tables.get(subcommand)
        if table is not None:
            return table
        return next((own for glob, own in self._tables_by_glob if matches(subcommand, glob)), self._general_options)

    @cached_property
    def _general_options(self) -> Mapping[str, bool]:
        return _table(self.options)

    @cached_property
    def _option_tables(self) -> Mapping[str, Mapping[str, bool]]:
        return {name: {**self._general_options, **_table(own)} for name, own in self.subcommands.items()}

    @cached_property
    def _tables_by_glob(self) -> Sequence[tuple[str, Mapping[str, bool]]]:
        return [(name, table) for name, table in self._option_tables.items() if is_glob(name)]


def _table(names: OptionNames) -> dict[str, bool]:
    return dict.fromkeys(names.switches, False) | dict.fromkeys(names.values, True)
