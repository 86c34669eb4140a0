"""What a reporter is and what it is told about the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from layerlint.finding import FileReport, Severity, Summary
from layerlint.startup.quick_dataclass import dataclass

Write = Callable[[str], object]


class RuleDescription(Protocol):
    """What a reporter needs to know of a rule."""

    @property
    def id(self) -> str:
        """What users write to select it: PIP001."""

    @property
    def name(self) -> str:
        """What it is called: words joined by hyphens."""

    @property
    def severity(self) -> Severity:
        """How bad its findings are unless one says otherwise."""

    @property
    def summary(self) -> str:
        """What it reports, on one line."""

    @property
    def note(self) -> str:
        """Why it matters, in a few sentences."""

    @property
    def advice(self) -> str:
        """What to write instead, on one line; may be empty."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """The ids of the same rule in other linters."""

    @property
    def default(self) -> bool:
        """Whether it is on when nothing is selected."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Words for what it is about."""

    @property
    def references(self) -> tuple[str, ...]:
        """Where its facts come from: addresses or titles, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContext:
    """What holds for the whole run.

    `rules` are those that the run uses, in the order of their ids. `width` is the number of columns that a line of an
    excerpt may take. With `terminal` a terminal gets the report. `warn` takes a sentence for the person who runs
    layerlint.
    """

    version: str
    rules: tuple[RuleDescription, ...] = ()
    color: bool = False
    terminal: bool = False
    statistics: bool = False
    quiet: bool = False
    width: int = 120
    warn: Callable[[str], object] = lambda _: None


class Reporter(Protocol):
    """Prints what was found, piece by piece, as the files are done."""

    def add(self, report: FileReport) -> None:
        """Take the next file; files come in their final order."""

    def finish(self, summary: Summary) -> None:
        """Print what comes last. Called once."""
