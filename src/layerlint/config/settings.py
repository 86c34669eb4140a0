"""What holds for each file: its configuration and the command line, which is the stronger, made into one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from layerlint.config.file import ConfigFile, Configurations, shown_path, unknown_rule
from layerlint.errors import Mistake, UserError
from layerlint.finding import FixKind, Severity
from layerlint.rules.selection import Rule, RuleChoice, RuleNames, Selection, select
from layerlint.startup.quick_dataclass import dataclass
from layerlint.system.reading import UnreadableError

if TYPE_CHECKING:
    from layerlint.baseline.baseline import Baseline
    from layerlint.rules.ruleset import RuleSet

DEFAULT_FAIL_ON = "warning"
_NONE = frozenset[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What the command line says of rules; None and empty are "not said". `rules` are paths of more rules.

    `baseline` is the path of one; without `use_baseline` there is none, whatever the configuration says.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    rules: tuple[str, ...] = ()
    fix_with: FixKind | None = None
    unsafe_fixes: bool | None = None
    baseline: str | None = None
    use_baseline: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What a file is linted with. A finding at or above `fail_on` fails the run; None is never.

    `unsafe_fixes` says whether fixes may be applied that should be looked at.
    """

    rules: RuleSet
    selection: Selection
    fail_on: Severity | None
    baseline: Baseline | None = None
    unsafe_fixes: bool = False


@dataclass(slots=True)
class SettingsTable:
    """The settings of every file, each made once however many files share them.

    `mistakes` collects what is wrong with rules and selectors; when there are any, nothing else here means anything.
    `baselines` are those that were read, by their absolute paths.
    """

    configurations: Configurations
    overrides: Overrides
    mistakes: list[Mistake] = field(default_factory=list)
    baselines: dict[str, Baseline] = field(default_factory=dict)
    _baseline_mistakes: dict[str, list[Mistake]] = field(default_factory=dict)
    _rules: dict[tuple[tuple[str, ...], int], RuleSet] = field(default_factory=dict)
    _settings: dict[tuple[int, frozenset[str]], Settings] = field(default_factory=dict)

    def of(self, path: str) -> Settings:
        """The settings of the file at the absolute `path`."""
        config = self.configurations.above(os.path.dirname(path))  # noqa: PTH120 (called for every file)
        ignored = _NONE
        if config is not None and config.per_file_ignores:
            ignored = frozenset(word for globs, ids in config.per_file_ignores if globs.matches(path) for word in ids)
        key = (id(config), ignored)
        if key not in self._settings:
            self._settings[key] = self._make(config, ignored)
        return self._settings[key]

    def check(self) -> None:
        """Look for mistakes in all that has been read. Raises UserError with every one of them."""
        files = self.configurations.files()
        rule_sets = [self._rule_set(None), *(self._rule_set(file) for file in files)]
        names: list[RuleNames[Rule]] = [rules.names if rules else RuleNames(()) for rules in rule_sets]
        for config in (None, *files):
            self._baseline(config)
        mistakes = [*self.configurations.mistakes, *self.mistakes]
        mistakes += (mistake for found in self._baseline_mistakes.values() for mistake in found)
        if not self.mistakes:  # without its rules, every selector looks unknown
            mistakes += self._unknown_on_command_line(names)
            for file, its_names in zip(files, names[1:], strict=True):
                mistakes += file.unknown_rules(its_names)
        if mistakes:
            raise UserError(*dict.fromkeys(mistakes))

    def rule_sets(self) -> Iterable[RuleSet]:
        """All rules that were loaded."""
        return self._rules.values()

    def _make(self, config: ConfigFile | None, ignored: frozenset[str]) -> Settings:
        rules = self._rule_set(config)
        if rules is None:
            raise UserError(*self.mistakes)
        content = config.content if config else None
        choices: Sequence[RuleChoice] = (RuleChoice(self.overrides.select, self.overrides.ignore),)
        if content:
            choices = (RuleChoice(content.select, content.ignore, content.severity), *choices)
        selection = select(rules.names, choices)
        if ignored:
            selection = selection.without(frozenset().union(*(rules.names.matching(word) for word in ignored)))
        fix_with = self.overrides.fix_with or (content and content.fix_with) or FixKind.FLAG
        selection = replace(selection, fix_with=fix_with)
        fail_on = self.overrides.fail_on or (content and content.fail_on) or DEFAULT_FAIL_ON
        failing = None if fail_on == "never" else Severity(fail_on)
        unsafe = self.overrides.unsafe_fixes
        if unsafe is None:
            unsafe = bool(content and content.unsafe_fixes)
        return Settings(rules, selection, failing, self._baseline(config), unsafe)

    def _rule_set(self, config: ConfigFile | None) -> RuleSet | None:
        """The shipped rules and the extra ones; None when they have mistakes, which are noted."""
        paths = tuple(dict.fromkeys((*(config.rule_paths if config else ()), *self.overrides.rules)))
        images = config.content.images if config else ()
        key = (paths, id(images) if images else 0)
        if key not in self._rules:
            from layerlint.rules.loading import load  # explaining a wrong option must not need it

            try:
                rules = load([Path(path) for path in paths])
                self._rules[key] = replace(rules, images=(*images, *rules.images))
            except UserError as error:
                self.mistakes += [mistake for mistake in error.mistakes if mistake not in self.mistakes]
                return None
        return self._rules[key]

    def _baseline(self, config: ConfigFile | None) -> Baseline | None:
        """The baseline that holds for files with this configuration; None when it has mistakes, which are noted."""
        named = self.overrides.baseline
        path = config.baseline_path if config and named is None else named
        if path is None or not self.overrides.use_baseline:
            return None
        from layerlint.baseline.baseline import read  # most runs have none
        from layerlint.baseline.file import how_to_write

        shown = shown_path(path) if named is None else path
        path = os.path.abspath(path)  # noqa: PTH100 (pathlib keeps `..`)
        if path not in self.baselines and path not in self._baseline_mistakes:
            try:
                self.baselines[path] = read(path, shown)
            except UserError as error:
                self._baseline_mistakes[path] = list(error.mistakes)
            except UnreadableError as error:
                title, step = "the baseline cannot be read", f"write it: {how_to_write(shown)}"
                if os.path.lexists(path):
                    step = "give the path of a file that --write-baseline wrote"
                mistake = Mistake(title, str(error), step, shown)
                if config is not None and named is None:
                    mistake = config.mistake(title, f"{shown}: {error}", step, ("baseline",))
                self._baseline_mistakes[path] = [mistake]
        return self.baselines.get(path)

    def _unknown_on_command_line(self, names: list[RuleNames[Rule]]) -> list[Mistake]:
        mistakes = []
        for option, words in (("--select", self.overrides.select or ()), ("--ignore", self.overrides.ignore)):
            for word in words:
                if not any(each.matching(word) for each in names):
                    title, cause, step = unknown_rule(word, names[0])
                    mistakes.append(Mistake(f"{option}: {title}", cause, step))
        return mistakes
