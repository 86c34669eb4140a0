"""Configuration files: `.layerlint.yaml`, `.layerlint.yml`, or `[tool.layerlint]` in `pyproject.toml`."""

# pathlib normalizes paths, and costs more than the work itself in a big tree.
# ruff: noqa: PTH100, PTH109, PTH110, PTH113, PTH118, PTH119, PTH120

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from layerlint.documents.yaml_model import STRICT
from layerlint.errors import MAX_MISTAKES, Mistake, UserError, and_more, shortened
from layerlint.finding import FixKind
from layerlint.globs.name_glob import MAX_GLOB_LENGTH, MAX_GLOBS
from layerlint.image.images import Image
from layerlint.rules.files.rule_files import PACKAGE_PREFIX
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.system.reading import UnreadableError, read_bytes

if TYPE_CHECKING:
    from layerlint.documents.positions import KeyPath, Lookup
    from layerlint.globs.file_globs import Globs
    from layerlint.rules.selection import Rule, RuleNames

FILE_NAMES = (".layerlint.yaml", ".layerlint.yml", "pyproject.toml")
"""In one folder, the first that is there counts. A pyproject.toml without the table is as if it were not there."""

MAX_SIZE = 1024 * 1024

_MAX_CHARACTERS = 100_000
"""In all patterns of one key: every file is held against each."""

FailOn = Literal["error", "warning", "info", "never"]
Level = Literal["error", "warning", "info", "off"]


@dataclass(frozen=True)
class Configuration:
    """What a configuration file says; its keys have dashes for underscores. None and empty are "not said"."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Level] = field(default_factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fail_on: FailOn | None = None
    rules: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fix_with: FixKind | None = None
    unsafe_fixes: bool | None = None
    images: tuple[Image, ...] = ()
    baseline: str | None = None


@dataclass(frozen=True)
class ConfigFile:
    """A configuration and where it was read.

    `path` is as shown; the patterns are relative to `folder`, other paths to `home`, both absolute. `place` says where
    the value at a location in the configuration is.
    """

    path: str
    folder: str
    home: str
    content: Configuration
    place: Lookup

    @property
    def rule_paths(self) -> tuple[str, ...]:
        """The extra rules: absolute paths, and names of those that packages bring."""
        return tuple(
            path if path.startswith(PACKAGE_PREFIX) else os.path.join(self.home, path) for path in self.content.rules
        )

    @property
    def baseline_path(self) -> str | None:
        """The baseline, absolute."""
        return None if self.content.baseline is None else os.path.join(self.home, self.content.baseline)

    @cached_property
    def excluded(self) -> Globs | None:
        """The patterns of `exclude`, if there are any."""
        return _globs(self.folder, self.content.exclude) if self.content.exclude else None

    @cached_property
    def per_file_ignores(self) -> tuple[tuple[Globs, tuple[str, ...]], ...]:
        """Patterns, and the rules that do not hold for files that match."""
        return tuple((_globs(self.folder, (glob,)), ids) for glob, ids in self.content.per_file_ignores.items())

    def mistake(self, title: str, cause: str, next_step: str, location: KeyPath, *, key: bool = False) -> Mistake:
        """A mistake at a location of this file."""
        line, column = self.place(location, key=key)
        return Mistake(title, cause, next_step, self.path, line, column)

    def selectors(self) -> Iterator[tuple[str, KeyPath, bool]]:
        """Everything that stands for rules, where it is, and whether it is a key there."""
        content = self.content
        for name, selectors in (("select", content.select or ()), ("ignore", content.ignore)):
            yield from ((selector, (name, index), False) for index, selector in enumerate(selectors))
        yield from ((selector, ("severity", selector), True) for selector in content.severity)
        for glob, selectors in content.per_file_ignores.items():
            yield from ((word, ("per-file-ignores", glob, index), False) for index, word in enumerate(selectors))

    def unknown_rules(self, names: RuleNames[Rule]) -> list[Mistake]:
        """A mistake for each selector that stands for no rule."""
        unknown = [each for each in self.selectors() if not names.matching(each[0])]
        mistakes = [
            self.mistake(*unknown_rule(selector, names), location, key=is_key)
            for selector, location, is_key in unknown[:MAX_MISTAKES]
        ]
        return [*mistakes, *and_more(len(unknown), self.path)]


def unknown_rule(selector: str, names: RuleNames[Rule]) -> tuple[str, str, str]:
    """Title, cause and next step for a selector that stands for no rule."""
    title = f'unknown rule "{shortened(selector)}"'
    if aliases := names.aliases_that_start(selector):
        listed = ", ".join(aliases[:3]) + (", ..." if len(aliases) > 3 else "")
        return title, "prefixes are those of layerlint's own ids, and this begins aliases", f"write them out: {listed}"
    near = names.nearest(selector)
    step = f'did you mean "{near}"?' if near else "`layerlint rules` lists them all"
    return title, "no rule has this id, name, alias or prefix", step


class Configurations:
    """The configuration of each folder, read once. Files with mistakes count as empty; `mistakes` has them all."""

    def __init__(self, *, file: str | None = None, isolated: bool = False) -> None:
        """With `file` that configuration holds everywhere; `isolated` reads none at all."""
        self.mistakes: list[Mistake] = []
        self._by_folder: dict[str, ConfigFile | None] = {}
        self._isolated = isolated
        self._only: ConfigFile | None = None
        if file is not None and not isolated:
            # Patterns in a file that holds everywhere are relative to where people run the command, as in ruff.
            self._only = self._read(os.path.abspath(file), file, os.getcwd(), named=True)
            self._isolated = self._only is None

    def above(self, folder: str) -> ConfigFile | None:
        """The nearest configuration in `folder` (absolute) or above it."""
        if self._isolated or self._only is not None:
            return self._only
        passed: list[str] = []
        found: ConfigFile | None = None
        while folder not in self._by_folder:
            passed.append(folder)
            found = self._in(folder)
            parent = os.path.dirname(folder)
            if found is not None or parent == folder:
                break
            folder = parent
        else:
            found = self._by_folder[folder]
        self._by_folder.update(dict.fromkeys(passed, found))
        return found

    def excludes(self, path: str, is_folder: bool) -> bool:  # noqa: FBT001 (a plain callable for discovery)
        """Whether the configuration around the absolute `path` excludes it."""
        found = self.above(os.path.dirname(path))
        return bool(found and found.excluded and found.excluded.matches(path, is_folder=is_folder))

    def files(self) -> list[ConfigFile]:
        """All that were read, each once."""
        found = [self._only, *self._by_folder.values()]
        return list({id(file): file for file in found if file is not None}.values())

    def _in(self, folder: str) -> ConfigFile | None:
        for name in FILE_NAMES:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and (found := self._read(path, shown_path(path), folder)):
                if name == FILE_NAMES[0] and os.path.isfile(other := os.path.join(folder, FILE_NAMES[1])):
                    cause = f"{shown_path(path)} is beside it, and one of them would be ignored"
                    title = "there are two configurations in one folder"
                    self.mistakes.append(Mistake(title, cause, "make one of them", shown_path(other)))
                return found
        return None

    def _read(self, path: str, shown: str, folder: str, *, named: bool = False) -> ConfigFile | None:
        """The configuration in one file; None if it has none. One with mistakes is empty."""
        try:
            text = read_bytes(path, MAX_SIZE).decode()
            if path.endswith(".toml"):
                loaded = _load_toml(text, shown, named=named)
            else:
                from layerlint.documents.yaml_reader import load_yaml  # yaml is only needed here

                loaded = load_yaml(text, shown)
            if loaded is None:
                if named:
                    title, cause = (
                        "the configuration says nothing of layerlint",
                        "there is no table [tool.layerlint] in it",
                    )
                    self.mistakes.append(Mistake(title, cause, "name another", shown))
                return None
            data, lookup = loaded
            return _validated(data, ConfigFile(shown, folder, os.path.dirname(path), Configuration(), lookup))
        except UnreadableError as error:
            self.mistakes.append(Mistake("the configuration cannot be read", str(error), path=shown))
        except UnicodeDecodeError as error:
            cause = f"byte {error.start + 1} is not part of any character"
            self.mistakes.append(Mistake("the configuration is not UTF-8", cause, "save it as UTF-8", shown))
        except UserError as error:
            self.mistakes.extend(error.mistakes)
        return ConfigFile(shown, folder, folder, Configuration(), _nowhere)


def _nowhere(location: KeyPath, *, key: bool = False) -> tuple[int, int]:  # noqa: ARG001
    return (0, 0)


def _validated(data: Any, file: ConfigFile) -> ConfigFile:
    """`file` with what `data` says. Raises UserError with everything that is wrong."""
    if data is None:
        return file
    from layerlint.documents.validation import validate  # pydantic is only needed here

    content = validate(Configuration, data, file.place, file.path)
    if isinstance(content, list):
        raise UserError(*content)
    file = replace(file, content=content)
    if mistakes := [*_bad_globs(file), *_missing_rules(file), *_wrong_images(file)]:
        raise UserError(*mistakes)
    return file


def _missing_package(file: ConfigFile, path: str, location: KeyPath) -> Iterator[Mistake]:
    from layerlint.rules.files.packages import package_folder  # hardly a configuration names any

    try:
        package_folder(path.removeprefix(PACKAGE_PREFIX))
    except UserError as error:
        yield from (file.mistake(each.title, each.cause, each.next_step, location) for each in error.mistakes)


def _missing_rules(file: ConfigFile) -> Iterator[Mistake]:
    for index, path in enumerate(file.rule_paths):
        if not file.content.rules[index]:
            cause, step = "an empty path leads nowhere", 'write "." for the folder that the configuration is in'
            yield file.mistake("the rules are not there", cause, step, ("rules", index))
        elif path.startswith(PACKAGE_PREFIX):
            yield from _missing_package(file, path, ("rules", index))
        elif not os.path.exists(path):
            cause = f"{shown_path(path)}: there is no such file or folder"
            step = "the path is relative to the configuration's folder"
            yield file.mistake("the rules are not there", cause, step, ("rules", index))


def _wrong_images(file: ConfigFile) -> Iterator[Mistake]:
    if not file.content.images:
        return
    from layerlint.image.image_checks import wrong_in_image  # hardly a configuration has any

    for index, image in enumerate(file.content.images):
        for location, title, cause, is_key in wrong_in_image(image):
            yield file.mistake(title, cause, "", ("images", index, *location), key=is_key)


def _globs(folder: str, patterns: Iterable[str]) -> Globs:
    """What `Globs.of` makes of the patterns. Raises ValueError."""
    from layerlint.globs.file_globs import Globs  # most configurations have none

    return Globs.of(folder, patterns)


def _bad_globs(file: ConfigFile) -> Iterator[Mistake]:
    exclude, ignores = file.content.exclude, file.content.per_file_ignores
    yield from (too_many := [*_too_many(file, "exclude", exclude), *_too_many(file, "per-file-ignores", ignores)])
    if too_many:
        return
    globs: list[tuple[str, KeyPath, bool]] = [(glob, ("exclude", index), False) for index, glob in enumerate(exclude)]
    globs += [(glob, ("per-file-ignores", glob), True) for glob in ignores]
    for glob, location, is_key in globs:
        if len(glob) > MAX_GLOB_LENGTH:
            cause = f"it has {len(glob):,} characters, and may have {MAX_GLOB_LENGTH:,}"
            yield file.mistake(f'"{shortened(glob)}" is too long for a pattern', cause, "", location, key=is_key)
            continue
        try:
            _globs(file.folder, (glob,))
        except ValueError:
            cause = "patterns are written as in .gitignore, and this one is not one"
            yield file.mistake(f'"{glob}" is not a pattern', cause, "", location, key=is_key)


def _too_many(file: ConfigFile, key: str, patterns: Collection[str]) -> Iterator[Mistake]:
    length = sum(map(len, patterns))
    # One that is too long has a place of its own.
    if len(patterns) > MAX_GLOBS or (length > _MAX_CHARACTERS and max(map(len, patterns)) <= MAX_GLOB_LENGTH):
        cause = f"there are {len(patterns):,} with {length:,} characters, and may be {MAX_GLOBS:,} with "
        step = "name a folder in place of what is in it"
        yield file.mistake(f'"{key}" has too many patterns', f"{cause}{_MAX_CHARACTERS:,}", step, (key,), key=True)


def _load_toml(text: str, shown: str, *, named: bool) -> tuple[Any, Lookup] | None:
    """The table of layerlint in a TOML text and the places in it, None if there is none.

    A file that is `named` on the command line and not a pyproject.toml may have the keys without the table.
    """
    bare = named and os.path.basename(shown) != "pyproject.toml"
    # Most pyproject.toml files say nothing about layerlint, and parsing them all takes longer than looking.
    if "layerlint" not in text and not bare:
        return None
    import tomllib

    from layerlint.documents.toml_positions import too_much_for_toml

    if (too_much := too_much_for_toml(text)) is not None:
        cause, line, column = too_much
        raise UserError(Mistake("this TOML is not read", cause, "", shown, line, column))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        match = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        line, column = (int(match[1]), int(match[2])) if match else (text.count("\n") + 1, 0)
        cause = message[: match.start()] if match else message
        raise UserError(Mistake("this is not TOML", cause, "", shown, line, column)) from error
    except RecursionError as error:
        raise UserError(Mistake("this is not TOML", "it is nested too deep", "", shown)) from error
    tool = data.get("tool", {})
    table = tool.get("layerlint") if isinstance(tool, dict) else None
    prefix: KeyPath = () if bare and table is None else ("tool", "layerlint")
    if table is None and not bare:
        return None
    from layerlint.documents.positions import Places
    from layerlint.documents.toml_positions import toml_places

    places = Places(lambda: toml_places(text))

    def lookup(location: KeyPath, *, key: bool = False) -> tuple[int, int]:
        return places((*prefix, *location), key=key)

    if prefix and not isinstance(table, dict):
        line, column = lookup((), key=True)
        cause = "it must be a table, which stands once and has the keys of the configuration"
        step = f"write [{'.'.join(map(str, prefix))}], and the keys below it"
        raise UserError(Mistake('"tool.layerlint" has the wrong type', cause, step, shown, line, column))
    return (data if not prefix else table), lookup


def shown_path(path: str) -> str:
    """A configuration's path as messages show it: relative to the current folder if it is in or beside it."""
    relative = os.path.relpath(path).replace(os.sep, "/")
    return relative if not relative.startswith("../../../") else path
