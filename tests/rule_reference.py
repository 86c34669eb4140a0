"""The pages in docs/: one for each pack of rules, and those on how rules and package managers are described.

`python -m tests.rule_reference` writes them anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from layerlint.finding import Safety
from layerlint.reporters.markdown_text import markdown
from layerlint.rules.loading import load, shipped_folder
from layerlint.rules.model import Example, Rule
from tests.language_reference import rule_language, tool_language

DOCS = Path(__file__).resolve().parent.parent / "docs"
COMMAND = "python -m tests.rule_reference"


def pages() -> dict[Path, str]:
    """The text of each page."""
    packs = _packs()
    found = {DOCS / "rules" / f"{pack}.md": _pack_page(pack, rules) for pack, rules in packs.items()}
    found[DOCS / "rules" / "README.md"] = _index(packs)
    return found | {DOCS / "rule-language.md": rule_language(), DOCS / "tool-language.md": tool_language()}


def _packs() -> dict[str, list[Rule]]:
    """The rules by the folder that they are in."""
    packs: dict[str, list[Rule]] = {}
    names = load().names
    for path in sorted(shipped_folder().rglob("*.yaml")):
        rule = names.named(path.stem)
        if rule is not None and rule.id == path.stem:
            packs.setdefault(path.parent.name, []).append(rule)
    return packs


def _index(packs: Mapping[str, list[Rule]]) -> str:
    lines = ["# Rules", "", "| rule | | severity | fix | also known as |", "| --- | --- | --- | --- | --- |"]
    for pack, rules in packs.items():
        for rule in rules:
            severity = f"{rule.severity}" if rule.default else f"{rule.severity}, off unless selected"
            fix = {Safety.SAFE: "yes", Safety.UNSAFE: "unsafe", None: ""}[rule.fix_safety]
            link = f"[{rule.id}]({pack}.md#{_anchor(rule)})"
            lines.append(f"| {link} | {markdown(rule.summary)} | {severity} | {fix} | {', '.join(rule.aliases)} |")
    return "\n".join(
        [
            *lines,
            "",
            "[How rules are written](../rule-language.md)",
            "",
            "[How a package manager is described](../tool-language.md)",
            "",
        ]
    )


def _anchor(rule: Rule) -> str:
    return f"{rule.id} {rule.name}".lower().replace(" ", "-")


def _pack_page(pack: str, rules: list[Rule]) -> str:
    return "\n".join([f"# {pack}", "", *(line for rule in rules for line in _rule(rule))])


def _rule(rule: Rule) -> Iterator[str]:
    facts = [f"Severity {rule.severity}" if rule.default else f"Severity {rule.severity}, off unless selected"]
    if rule.severity_in_unused_stage is not None:
        facts.append(f"{rule.severity_in_unused_stage} in a stage that is not in the image")
    if rule.aliases:
        facts.append(f"also known as {', '.join(rule.aliases)}")
    yield from (f"## {rule.id} {rule.name}", "", f"{_readable(rule.summary)}.", "")
    yield from (f"{'; '.join(facts)}.", "", _readable(rule.note.strip()), "")
    fixes = {fix.title: fix for case in rule.all_cases for fix in case.fixes or ()}
    if fixes:
        yield from (*(f"- Fix: {_readable(title)} ({fix.safety})" for title, fix in fixes.items()), "")
    for example in rule.examples:
        yield from _example(example)
    if rule.references:
        yield from ("Sources:", "", *(f"- {reference}" for reference in rule.references), "")


def _example(example: Example) -> Iterator[str]:
    severity = f", as {example.severity}" if example.severity is not None else ""
    yield f"Not reported: {example.silent}" if example.silent else f"Reported at {', '.join(example.places)}{severity}"
    yield from ("", "```dockerfile", example.text.rstrip("\n"), "```", "")
    for title, text in (("Fixed", example.fixed), ("Fixed with --unsafe-fixes", example.fixed_unsafe)):
        if text is not None and text != example.text:
            yield from (title, "", "```dockerfile", text.rstrip("\n"), "```", "")


def _readable(text: str) -> str:
    """A text in which names in braces stand for what is only known of a finding."""
    return re.sub(r"\{([\w-]+)\}", r"*\1*", text).replace("<", "&lt;")


def main() -> None:
    current = pages()
    for path in set(DOCS.rglob("*.md")) - set(current):
        path.unlink()
    for path, text in current.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
