"""What layerlint knows of a tool. Only data, read from a `tool.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from layerlint.yaml_model import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionNames:
    """Options by their names with dashes: `switches` stand alone, `values` take the next word or what follows `=`."""

    switches: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A way of calling a tool.

    All that is named must hold: the subcommand is one of `subcommand`, its first arguments are `arguments`, one of the
    options `with_option` is there and none of `without_option`, and one of its arguments, or the value of one of
    `values_of`, matches a glob of `any_argument` and none of `except_argument`. With `needs_argument_or` there must be
    an argument, or one of these options.
    """

    subcommand: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    with_option: tuple[str, ...] = ()
    without_option: tuple[str, ...] = ()
    any_argument: tuple[str, ...] = ()
    except_argument: tuple[str, ...] = ()
    values_of: tuple[str, ...] = ()
    needs_argument_or: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place where a cache can be: one of `option`, `environment`, `config`, `home` and `path` says where.

    `option` is an option whose value is the directory, `environment` a variable that holds it (not if empty),
    `config` a key of the tool's configuration files, `home` a path below the home directory, `path` an absolute one.
    `below` is added to what an option, variable or key says. With `absolute`, a relative directory is ignored.
    """

    option: str = ""
    environment: str = ""
    config: str = ""
    home: str = ""
    path: str = ""
    below: str = ""
    absolute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """What turns a cache off: an `option`, a variable `environment` or a key `config` that is not empty.

    `values` are the words that a variable or key may hold, in any case; with any other the tool aborts. None: any word.
    """

    option: str = ""
    environment: str = ""
    config: str = ""
    values: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """One cache of a tool: what fills it, where it is, what keeps the tool from using it, what empties it.

    `at` is in order of precedence, the first that applies counts. A directory named by an option on the command line
    turns the cache on again when only a variable or the configuration has turned it off, and after the option that
    does. `needed_by` are uses that fail where the cache is off, `shown_by` those that print its directory. `parts` are
    the folders in it that together are all of it.

    `needs_own` says that the tool uses the cache only where its user may: root where the directory, or the nearest one
    above it that is there, belongs to root; others where they can write. `starts_itself` are the uses in which the
    tool starts a second one of itself, which gets the environment and not the options.
    """

    title: str
    filled_by: tuple[Use, ...]
    at: tuple[Location, ...]
    off_by: tuple[Switch, ...] = ()
    emptied_by: tuple[Use, ...] = ()
    needed_by: tuple[Use, ...] = ()
    parts: tuple[str, ...] = ()
    shown_by: tuple[Use, ...] = ()
    needs_own: bool = False
    starts_itself: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A configuration file of a tool.

    It is at `path`, at `home` below the home directory, at `below` in what the variable `environment` says (or at what
    that says itself), or at `prefix` below the folder that the program is installed in. `scope` is the name by which
    the tool's own subcommand for its configuration knows it. `of_user` files are ignored with the options that make
    the tool ignore its environment. It is not read where the variable `unless_environment` is set.
    """

    path: str = ""
    home: str = ""
    environment: str = ""
    below: str = ""
    prefix: str = ""
    scope: str = ""
    of_user: bool = False
    unless_environment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigWriter:
    """The use that sets a key: its next arguments are the key (`section.key`) and the value.

    `unset_use` takes a key away. `scopes` gives for an option the scope of the file that is written, `default_scope`
    the one without.
    """

    use: Use
    default_scope: str
    unset_use: Use | None = None
    scopes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration files of a tool, in INI form, from the weakest to the strongest.

    `sections` are those that count, the last the most; `{subcommand}` stands for the subcommand. No file is read when
    the variable `none_if` holds `/dev/null`.
    """

    files: tuple[ConfigFile, ...]
    sections: tuple[str, ...]
    none_if: str = ""
    written_by: ConfigWriter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A package manager.

    `names` are globs for the program's name without its path. With `abbreviated`, an unambiguous beginning of a long
    option is the option. `subcommands` names those whose options differ from `options`. With one of `no_work` on its
    line the tool only prints. `ignores_environment` are the options that make it ignore its variables. With
    `refuses_unknown_options` it stops at an option that it does not know, and at an argument that matches one of the
    globs `refuses_arguments`.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    tool: str
    names: tuple[str, ...]
    abbreviated: bool = False
    options: OptionNames = field(default_factory=OptionNames)
    subcommands: Mapping[str, OptionNames] = field(default_factory=dict)
    no_work: tuple[str, ...] = ()
    ignores_environment: tuple[str, ...] = ()
    refuses_unknown_options: bool = False
    refuses_arguments: tuple[str, ...] = ()
    config: Config | None = None
    caches: tuple[Cache, ...] = ()
