"""The configuration files of a tool, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from layerlint.documents.yaml_model import NeverNull
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.tools.use import Use

Form = Literal["ini", "lines", "words", "toml", "yaml", "json"]
"""How a configuration file is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile(NeverNull):
    """A configuration file of a tool.

    It is at `path`, at `home` below the home directory, at `below` in what the variable `environment` says (or at what
    that says itself), at `prefix` below the folder that the program is installed in, or at `here` below the working
    directory. With `list`, the variable says several directories with this between them. `scope` is the name by which
    the tool's own subcommand for its configuration knows it. `of_user` files are ignored with the options that make the
    tool ignore its environment. It is not read where one of the variables `unless_environment` is set, or one of
    `unless_file_of` names a file that is there. With `if_there`, the tool sets keys in it only then. `form` and
    `sections` are its own, where they are not those of the other files.
    """

    path: str = ""
    home: str = ""
    environment: str = ""
    list: str = ""
    below: str = ""
    prefix: str = ""
    here: str = ""
    scope: str = ""
    of_user: bool = False
    unless_environment: tuple[str, ...] = ()
    unless_file_of: tuple[str, ...] = ()
    if_there: bool = False
    form: Form | None = None
    sections: tuple[str, ...] | None = None

    @property
    def where(self) -> str:
        """The file's path as far as it is said here, with the variable that says the rest."""
        path = self.path or self.home or self.below or self.prefix or self.here
        return f"{self.environment}/{path}" if self.environment else path

    @property
    def name(self) -> str:
        """The file's name without directories; empty where only a variable says it."""
        return self.where.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigWriter:
    """The uses that set keys: their next arguments are a key (`section.key` where there are sections) and its value.

    `unset_by` are uses that take keys away. `scopes` gives for an option the scope of the file that is written,
    `default_scope` the one without. In the file, the key is in `section` and has `prefix` in front.
    """

    set_by: tuple[Use, ...]
    default_scope: str
    unset_by: tuple[Use, ...] = ()
    scopes: Mapping[str, str] = field(default_factory=dict)
    section: str = ""
    prefix: str = ""


@dataclass(frozen=True, kw_only=True)
class Config(NeverNull):
    """The configuration files of a tool, from the weakest to the strongest.

    `form` is how they are written: `ini`, `lines` (`key = value` and no sections), `words` (`key value`), or `toml`,
    `yaml` or `json`, whose tables are the sections (`tool.name`, empty for what stands in none). `sections` are those
    that count, the last the most; `{subcommand}` stands for the subcommand. No file is read when the variable `none_if`
    holds `/dev/null`.
    """

    files: tuple[ConfigFile, ...]
    form: Form = "ini"
    sections: tuple[str, ...] = ("",)
    none_if: str = ""
    written_by: ConfigWriter | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """The files' names without directories."""
        return frozenset(file.name for file in self.files)
