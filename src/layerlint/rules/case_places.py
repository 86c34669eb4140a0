"""The cases of a rule, and where in its file the keys of each stand: what a case leaves to the rule stands there."""

from __future__ import annotations

from collections.abc import Iterator

from layerlint.documents.positions import KeyPath
from layerlint.rules.model import Case, FixTemplate, Rule


def cases_of(rule: Rule) -> Iterator[tuple[KeyPath, Case]]:
    """What a rule reports, with all that it says of it, and where: its cases, and the one that is the rule itself."""
    for index, case in enumerate(rule.all_cases):
        yield ("cases", index) if index < len(rule.cases) else (), case


def place_of(rule: Rule, location: KeyPath, key: str) -> KeyPath:
    """Where `key`, which a case may leave to the rule, is for the case at `location`."""
    own = rule.cases[location[1]] if location and isinstance(location[1], int) else None
    return (*location, key) if own is not None and getattr(own, key) not in {None, ""} else (key,)


def fixes_of(rule: Rule, location: KeyPath, case: Case) -> Iterator[tuple[KeyPath, FixTemplate]]:
    """The fixes for the case at `location`, each with its place."""
    place = place_of(rule, location, "fixes")
    yield from (((*place, index), fix) for index, fix in enumerate(case.fixes or ()))
