"""The examples of rule files, run and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from layerlint.authoring.examples import Outcome, Result, run_example
from layerlint.config.rules import RuleOptions, configured_rules
from layerlint.documents.positions import Lookup
from layerlint.documents.yaml_reader import load_yaml
from layerlint.errors import Mistake, UserError
from layerlint.reporters.totals import count
from layerlint.rules.files.rule_files import read_rule_files
from layerlint.rules.model import Rule
from layerlint.rules.ruleset import RuleSet
from layerlint.startup.quick_dataclass import dataclass
from layerlint.visible import visible

UNTESTED = "untested"
"""What a rule is called that has no example that it reports."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one example, or of a rule: where it stands, its outcome, and the words that explain it."""

    path: str
    line: int
    rule: str
    outcome: str
    explanation: str

    @property
    def is_good(self) -> bool:
        """Whether it is as it should be."""
        return self.outcome == Outcome.AS_EXPECTED

    def __str__(self) -> str:
        first, *more = self.explanation.rstrip("\n").split("\n")
        lines = [f"{self.path}:{self.line}: {self.rule} {self.outcome}: {first}", *(f"  | {line}" for line in more)]
        return "\n".join(visible(line, keep="\t") for line in lines)


def run_examples(paths: Sequence[Path], options: RuleOptions | None = None) -> Iterator[Told]:
    """The outcome of each example of the rules in `paths` (files or folders), in their order.

    `options` say where the tools and images are that the rules speak of. Raises UserError when a file is wrong, or
    there is no rule.
    """
    rules = configured_rules(options or RuleOptions(), paths)
    mistakes: list[Mistake] = []
    files = read_rule_files(paths, mistakes)
    if mistakes:
        raise UserError(*mistakes)
    told = False
    for file in files:
        data, lookup = load_yaml(file.data.decode(), file.path)
        rule = rules.names.named(data["id"]) if "id" in data else None
        if rule is not None:
            told = True
            yield from _of_rule(rule, file.path, lookup, rules)
    if not told:
        cause = "there are only descriptions of tools and images"
        raise UserError(Mistake("there is no rule to test", cause, path=", ".join(path.as_posix() for path in paths)))


def _of_rule(rule: Rule, path: str, lookup: Lookup, rules: RuleSet) -> Iterator[Told]:
    for index, example in enumerate(rule.examples):
        result = run_example(rule, example, rules)
        line, _ = lookup(("examples", index))
        expected = visible(example.silent) if example.silent else f"reported at {', '.join(example.places)}"
        yield Told(path, line, rule.id, result.outcome, _explained(result, expected))
    if all(example.reports is None for example in rule.examples):
        yield Told(path, 1, rule.id, UNTESTED, 'no example says what it "reports"')


def _explained(result: Result, expected: str) -> str:
    return expected if result.outcome is Outcome.AS_EXPECTED else result.explanation


def summary(told: Sequence[Told]) -> str:
    """One line on all outcomes."""
    outcomes = Counter(each.outcome for each in told)
    named = [Outcome.AS_EXPECTED, *sorted(outcome for outcome in outcomes if outcome != Outcome.AS_EXPECTED)]
    counts = ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in named if outcomes[outcome])
    rules = len({each.rule for each in told})
    examples = sum(each.outcome != UNTESTED for each in told)
    return f"{count(rules, 'rule')}, {count(examples, 'example')}: {counts}."
