"""Rules for tests of what only needs their names and severities."""

from __future__ import annotations

from dataclasses import dataclass

from layerlint.finding import Severity


@dataclass(frozen=True)
class SampleRule:
    id: str
    name: str
    severity: Severity
    aliases: tuple[str, ...] = ()
    default: bool = True


RULES = (
    SampleRule("LL001", "unused-suppression", Severity.INFO),
    SampleRule("TST001", "bad-word", Severity.WARNING, aliases=("DL3042",)),
    SampleRule("TST002", "worse-word", Severity.ERROR, aliases=("DL3043",)),
    SampleRule("TST100", "rare-word", Severity.INFO, default=False),
)
