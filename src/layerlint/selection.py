"""Which rules are on for a file, and how severe each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from layerlint.finding import FixKind, Severity
from layerlint.quick_dataclass import dataclass
from layerlint.quick_property import cached_property

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
class Layer:
    """What one place (the configuration, the command line) says. `select` is None if it does not say."""

    select: Sequence[str] | None = None
    ignore: Sequence[str] = ()
    severity: Mapping[str, str] | None = None


class Catalogue:
    """Finds rules by what people write: an id, a name, an alias, a prefix of an id, or ALL; in any case."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._named: dict[str, str] = {}
        for rule in self.rules:
            for word in (*rule.aliases, rule.name, rule.id):
                self._named[word.casefold()] = rule.id

    def named(self, word: str) -> str | None:
        """The id of the one rule with this id, name or alias."""
        return self._named.get(word.casefold())

    def matching(self, selector: str) -> frozenset[str]:
        """The ids of all rules that `selector` stands for; none if it is unknown."""
        if selector.casefold() == ALL.casefold():
            return frozenset(rule.id for rule in self.rules)
        if (exact := self.named(selector)) is not None:
            return frozenset((exact,))
        # A prefix that ends inside the number (ABC0) is one too, as in other linters.
        prefix = selector.upper()
        return frozenset(rule.id for rule in self.rules if prefix and rule.id.startswith(prefix))

    def nearest(self, word: str) -> str:
        """The id, prefix, name or alias that was probably meant; empty if none is near."""
        import difflib  # noqa: PLC0415 (only for messages)

        match = difflib.get_close_matches(word.casefold(), self._spellings, n=1)
        return self._spellings[match[0]] if match else ""

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """Ids, their prefixes, names and aliases, as they are written, by how they are compared."""
        words = {rule.id.rstrip("0123456789").casefold(): rule.id.rstrip("0123456789") for rule in self.rules}
        return words | {word.casefold(): word for rule in self.rules for word in (rule.name, *rule.aliases, rule.id)}


def select(catalogue: Catalogue, layers: Iterable[Layer]) -> Selection:
    """The rules that `layers` turn on, the last layer being the strongest. Unknown selectors stand for nothing.

    A layer that selects starts anew; one that only ignores takes from what is there. In a layer the longer selector
    wins over the shorter, and ignoring over selecting where they are equal. Severities of all layers hold.
    """
    enabled = {rule.id for rule in catalogue.rules if rule.default}
    chosen: dict[str, Severity] = {}
    for layer in layers:
        severity = layer.severity or {}
        steps = [(selector, False) for selector in (*layer.ignore, *(key for key in severity if severity[key] == OFF))]
        if layer.select is not None:
            enabled = set()
            steps += [(selector, True) for selector in layer.select]
        # Selecting comes before ignoring of the same length, so that ignoring is what stays.
        for selector, selects in sorted(steps, key=lambda step: (_weight(catalogue, step[0]), not step[1])):
            if selects:
                enabled |= catalogue.matching(selector)
            else:
                enabled -= catalogue.matching(selector)
        for selector in sorted(severity, key=lambda selector: _weight(catalogue, selector)):
            if severity[selector] != OFF:
                chosen.update(dict.fromkeys(catalogue.matching(selector), Severity[severity[selector].upper()]))
    severities = {rule.id: chosen.get(rule.id, rule.severity) for rule in catalogue.rules if rule.id in enabled}
    return Selection(severities, frozenset(chosen) & frozenset(severities))


def _weight(catalogue: Catalogue, selector: str) -> int:
    """How much a selector singles out: ALL least, then prefixes by length, then a rule's own id, name or alias."""
    if selector.casefold() == ALL.casefold():
        return 0
    return 1000 if catalogue.named(selector) is not None else len(selector)
