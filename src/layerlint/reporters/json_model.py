"""The JSON report, version 1: the classes that it is printed from and its JSON Schema is made of.

Keys are added, never changed or removed. `python -m tests.schemas` writes the schema. None of them has slots: what an
instance holds is printed as it stands in its `__dict__`.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from layerlint.finding import Safety, Severity
from layerlint.startup.quick_dataclass import dataclass

VERSION = 1


@dataclass(frozen=True)
class Instruction:
    """The instruction of the Dockerfile that a finding is in."""

    keyword: str
    """In capitals: RUN."""
    line: int
    """Its first line, from 1."""
    end_line: int
    """Its last line."""


@dataclass(frozen=True)
class Related:
    """Another place in the same file, and what it has to do with the finding."""

    message: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Edit:
    """Replace what stands at a place by `text`. An insertion replaces nothing: its place ends where it begins."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True)
class Fix:
    """A way to mend the finding."""

    title: str
    """What it does, in the imperative."""
    safety: Safety
    edits: tuple[Edit, ...]
    """In the order of the file; they do not overlap."""


@dataclass(frozen=True)
class Finding:
    """What is wrong at one place."""

    rule: str
    """The rule's id: PIP001."""
    name: str
    """What the rule is called: words joined by hyphens."""
    severity: Severity
    message: str
    path: str
    """As given on the command line or found from there."""
    line: int
    """Where the place begins, from 1."""
    column: int
    """Where the place begins, in Unicode code points from 1."""
    end_line: int
    end_column: int
    """The column behind the place."""
    instruction: Instruction | None
    advice: str
    """What to write instead; may be empty."""
    related: tuple[Related, ...]
    fixes: tuple[Fix, ...]
    """The best one first."""
    unfixable: str
    """Why there is no fix where the rule has one in general; else empty."""


@dataclass(frozen=True)
class Error:
    """A file, or a part of it, that could not be read or parsed."""

    path: str
    line: int
    """From 1; 0 is not known."""
    column: int
    """From 1; 0 is not known."""
    message: str


@dataclass(frozen=True)
class Summary:
    """Totals of the run."""

    files: int
    """How many could be read."""
    findings: int
    fixed: int
    """How many findings were mended, and are no longer among them."""
    errors: int


@dataclass(frozen=True)
class Report:
    """What `layerlint check --format json` prints."""

    # For all of these classes.
    __pydantic_config__: ClassVar = {"use_attribute_docstrings": True}

    version: Literal[1]
    findings: tuple[Finding, ...]
    errors: tuple[Error, ...]
    summary: Summary
