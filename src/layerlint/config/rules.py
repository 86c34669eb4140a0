"""The rules that there are where a command is run: layerlint's, the configuration's and those of the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from layerlint.config.contradictions import refuse_two_configurations
from layerlint.config.file import Configurations
from layerlint.errors import UserError
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.startup.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """What the command line says of where rules are, as for `layerlint check`."""

    rules: tuple[str, ...] = ()
    config: str | None = None
    isolated: bool = False

    def and_of(self, group: object) -> RuleOptions:
        """These, and what was said in front of a command: `rules --rules tool.yaml test rule.yaml`."""
        if not isinstance(group, RuleOptions):
            return self
        return RuleOptions((*group.rules, *self.rules), self.config or group.config, self.isolated or group.isolated)


def configured_rules(options: RuleOptions, more: Iterable[Path] = ()) -> RuleSet:
    """All rules, with those in `more` and those that the configuration of this folder lists.

    Raises UserError with every mistake in the configuration, or else in the rules.
    """
    refuse_two_configurations(options.config, isolated=options.isolated)
    configurations = Configurations(file=options.config, isolated=options.isolated)
    found = configurations.above(str(Path.cwd()))
    if configurations.mistakes:
        raise UserError(*configurations.mistakes)
    paths = (*(found.rule_paths if found else ()), *options.rules)
    return load([*map(Path, dict.fromkeys(paths)), *more])
