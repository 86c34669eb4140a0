"""What layerlint knows of its rules, as plain text for a terminal or as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Protocol

from layerlint.config.file import unknown_rule
from layerlint.errors import Mistake, UserError
from layerlint.finding import Safety
from layerlint.reporters.json_text import json_text
from layerlint.rules.selection import Rule, RuleNames
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.visible import visible

_FIXABLE = {Safety.SAFE: "fixable", Safety.UNSAFE: "fixable with --unsafe-fixes", None: "no automatic fix"}
_YES_OR_NO = {Safety.SAFE: "yes", Safety.UNSAFE: "unsafe", None: "no"}
# What stands in a rule's texts for what is only known of a finding.
_PLACEHOLDER = lazy_pattern(r"\{([\w-]+)\}")


class Example(Protocol):
    """A Dockerfile that a rule reports, or with `silent` (the reason) one that it does not."""

    @property
    def text(self) -> str:
        """The Dockerfile."""

    @property
    def silent(self) -> str | None:
        """Why it is not reported, None if it is."""

    @property
    def fixed(self) -> str | None:
        """The text after `--fix`, None if nothing is fixed."""

    @property
    def fixed_unsafe(self) -> str | None:
        """The text after `--fix --unsafe-fixes`, None if it is not said."""


class ExplainedRule(Rule, Protocol):
    """What of a rule is told to people."""

    @property
    def summary(self) -> str:
        """What it reports, on one line."""

    @property
    def advice(self) -> str:
        """What to write instead, on one line; may be empty."""

    @property
    def note(self) -> str:
        """Why it matters, in a few sentences."""

    @property
    def references(self) -> tuple[str, ...]:
        """Addresses of pages on the subject, the best first."""

    @property
    def fix_safety(self) -> Safety | None:
        """That of its safest fix; None if it has no fix."""

    @property
    def examples(self) -> Sequence[Example]:
        """What it reports and what it does not."""


def explain(word: str, rules: Sequence[ExplainedRule], columns: int) -> str:
    """What there is to say of the rule with this id, name or alias; of a prefix, the list of its rules.

    Raises UserError with the nearest word if there is none.
    """
    names = RuleNames(rules)
    chosen = [rule for rule in rules if rule.id in names.matching(word)]
    if not chosen:
        raise UserError(Mistake(*unknown_rule(word, names)))
    return explain_rule(chosen[0], columns) if names.named(word) is not None else list_rules(chosen)


def explain_rule(rule: ExplainedRule, columns: int) -> str:
    """Why the rule is there, what it reports and what not, how to fix it, and where it comes from."""
    columns = max(40, min(columns, 100))
    facts = [f"severity {rule.severity}", _FIXABLE[rule.fix_safety]]
    if not rule.default:
        facts.append("off unless selected")
    if rule.aliases:
        facts.append(f"also known as {', '.join(map(visible, rule.aliases))}")
    sections = [("", f"{rule.id} {rule.name}"), ("", _wrapped(", ".join(facts), columns))]
    sections.append(("", _wrapped(rule.summary, columns)))
    if rule.note:
        sections.append(("Why", _wrapped(rule.note, columns, "  ")))
    if rule.advice:
        sections.append(("How to fix it", _wrapped(_PLACEHOLDER.sub(r"<\1>", rule.advice), columns, "  ")))
    for example in rule.examples:
        heading = f"Not reported: {visible(example.silent)}" if example.silent else "Reported"
        sections.append((heading, _indented(example.text)))
        if example.fixed:
            sections.append(("Fixed", _indented(example.fixed)))
        if example.fixed_unsafe and example.fixed_unsafe != example.fixed:
            sections.append(("Fixed with --unsafe-fixes", _indented(example.fixed_unsafe)))
    if rule.references:
        references = "\n".join(f"  {visible(reference)}" for reference in rule.references)
        sections.append(("Where it comes from", references))
    text = "\n\n".join(f"{heading}\n{body}" if heading else body for heading, body in sections)
    # Examples and notes have lines; what stands in them is seen, and obeyed by no terminal.
    return visible(text.rstrip("\n") + "\n", keep="\n\t")


def list_rules(rules: Iterable[ExplainedRule]) -> str:
    """One line a rule, in columns. One that is off unless it is selected says so beside the severity."""
    rows = [("ID", "NAME", "SEVERITY", "FIXABLE", "SUMMARY")]
    rows += [
        (rule.id, visible(rule.name), _severity(rule), _YES_OR_NO[rule.fix_safety], visible(rule.summary))
        for rule in _sorted(rules)
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _severity(rule: ExplainedRule) -> str:
    return str(rule.severity) if rule.default else f"off ({rule.severity})"


def list_rules_as_json(rules: Iterable[ExplainedRule]) -> str:
    """The same, for scripts. `fixable` says whether a rule has a safe fix, `fix` how safe its safest one is."""
    listed = [
        {
            "id": rule.id,
            "name": rule.name,
            "severity": str(rule.severity),
            "fixable": rule.fix_safety is Safety.SAFE,
            "fix": rule.fix_safety and str(rule.fix_safety),
            "default": rule.default,
            "aliases": list(rule.aliases),
            "summary": rule.summary,
        }
        for rule in _sorted(rules)
    ]
    return json_text({"version": 1, "rules": listed}, indent=2) + "\n"


def _sorted(rules: Iterable[ExplainedRule]) -> list[ExplainedRule]:
    return sorted(rules, key=lambda rule: rule.id)


def _wrapped(text: str, columns: int, indent: str = "") -> str:
    """Paragraphs, which a blank line parts, each wrapped. A word that is longer than a line, as an address, stays."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")]
    filled = (
        textwrap.fill(
            paragraph,
            columns,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for paragraph in paragraphs
    )
    return "\n\n".join(filled)


def _indented(text: str) -> str:
    return textwrap.indent(text.rstrip("\n"), "  ")
