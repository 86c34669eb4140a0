"""Which rules are on for a file, and how severe each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from layerlint.finding import FixKind, Severity
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property

ALL = "ALL"
OFF = "off"


class Rule(Protocol):
    """What of a rule matters for finding it by name."""

    @property
    def id(self) -> str:
        """Letters and a number: PIP001."""

    @property
    def name(self) -> str:
        """Words joined by hyphens."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """The ids of the same rule in other linters."""

    @property
    def severity(self) -> Severity:
        """How bad its findings are unless one says otherwise."""

    @property
    def default(self) -> bool:
        """Whether it is on when nothing is selected."""


R_co = TypeVar("R_co", bound=Rule, covariant=True)


@dataclass(frozen=True)
class Selection:
    """The rules that are on for a file: id to severity. `overridden` are those whose severity the user chose.

    `fix_with` is the way to fix that the user chose.
    """

    severities: Mapping[str, Severity]
    overridden: frozenset[str] = frozenset()
    fix_with: FixKind = FixKind.FLAG

    @cached_property
    def ids(self) -> frozenset[str]:
        """The rules that are on."""
        return frozenset(self.severities)

    def without(self, rules: frozenset[str]) -> Selection:
        """The same with `rules` (ids) off."""
        kept = {rule: severity for rule, severity in self.severities.items() if rule not in rules}
        return Selection(kept, self.overridden - rules, self.fix_with)


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """What one place (the configuration, the command line) says of which rules are on, by selectors.

    `select` is None if it does not say. `severity` is by selector, and may be off.
    """

    select: Sequence[str] | None = None
    ignore: Sequence[str] = ()
    severity: Mapping[str, str] | None = None


class RuleNames(Generic[R_co]):
    """Finds rules by what people write: an id, a name, an alias, a prefix of an id, or ALL; in any case."""

    def __init__(self, rules: Iterable[R_co]) -> None:
        self.rules = tuple(rules)
        # What a rule is called itself counts before what others call it, and the first of several.
        self._named: dict[str, R_co] = {}
        for rule in self.rules:
            for word in (rule.id, rule.name):
                self._named.setdefault(word.casefold(), rule)
        for rule in self.rules:
            for word in rule.aliases:
                self._named.setdefault(word.casefold(), rule)

    def named(self, word: str) -> R_co | None:
        """The one rule with this id, name or alias."""
        return self._named.get(word.casefold())

    def matching(self, selector: str) -> frozenset[str]:
        """The ids of all rules that `selector` stands for; none if it is unknown."""
        if selector.casefold() == ALL.casefold():
            return frozenset(rule.id for rule in self.rules)
        if (exact := self.named(selector)) is not None:
            return frozenset((exact.id,))
        # A prefix that ends inside the number (ABC0) is one too, as in other linters.
        prefix = selector.upper()
        return frozenset(rule.id for rule in self.rules if prefix and rule.id.startswith(prefix))

    def aliases_that_start(self, prefix: str) -> list[str]:
        """The aliases, sorted, that begin with `prefix`; none if it is empty."""
        wanted = prefix.casefold()
        aliases = {alias for rule in self.rules for alias in rule.aliases}
        return sorted(alias for alias in aliases if wanted and alias.casefold().startswith(wanted))

    def nearest(self, word: str) -> str:
        """The id, prefix, name or alias that was probably meant; empty if none is near."""
        import difflib  # only for messages

        match = difflib.get_close_matches(word.casefold(), self._spellings, n=1)
        return self._spellings[match[0]] if match else ""

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """Ids, their prefixes, names and aliases, as they are written, by how they are compared."""
        words = {rule.id.rstrip("0123456789").casefold(): rule.id.rstrip("0123456789") for rule in self.rules}
        return words | {word.casefold(): word for rule in self.rules for word in (rule.name, *rule.aliases, rule.id)}


def select(names: RuleNames[Rule], choices: Iterable[RuleChoice]) -> Selection:
    """The rules that `choices` turn on, the last being the strongest. Unknown selectors stand for nothing.

    A choice that selects starts anew; one that only ignores takes from what is there. In a choice the longer selector
    wins over the shorter, and ignoring over selecting where they are equal. Severities of all choices hold.
    """
    enabled = {rule.id for rule in names.rules if rule.default}
    chosen: dict[str, Severity] = {}
    for choice in choices:
        severity = choice.severity or {}
        steps = [(selector, False) for selector in (*choice.ignore, *(key for key in severity if severity[key] == OFF))]
        if choice.select is not None:
            enabled = set()
            steps += [(selector, True) for selector in choice.select]
        # Selecting comes before ignoring of the same length, so that ignoring is what stays.
        for selector, selects in sorted(steps, key=lambda step: (_weight(names, step[0]), not step[1])):
            if selects:
                enabled |= names.matching(selector)
            else:
                enabled -= names.matching(selector)
        for selector in sorted(severity, key=lambda selector: _weight(names, selector)):
            if severity[selector] != OFF:
                chosen.update(dict.fromkeys(names.matching(selector), Severity(severity[selector])))
    severities = {rule.id: chosen.get(rule.id, rule.severity) for rule in names.rules if rule.id in enabled}
    return Selection(severities, frozenset(chosen) & frozenset(severities))


def _weight(names: RuleNames[Rule], selector: str) -> int:
    """How much a selector singles out: ALL least, then prefixes by length, then a rule's own id, name or alias."""
    if selector.casefold() == ALL.casefold():
        return 0
    return 1000 if names.named(selector) is not None else len(selector)
