"""The pages in docs/: one for each pack of rules, and one on how rules are written.

`python -m tests.rule_reference` writes them anew.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from layerlint.finding import Safety
from layerlint.reporters.markdown_text import markdown
from layerlint.rules import conditions, model
from layerlint.rules.loading import load, shipped_folder
from layerlint.rules.model import Example, Rule
from layerlint.rules.templates import known_names
from layerlint.yaml_model import kebab_case

DOCS = Path(__file__).resolve().parent.parent / "docs"
COMMAND = "python -m tests.rule_reference"

# In the order in which a reader needs them.
CLASSES = (
    model.Rule, model.Case, model.When, conditions.Condition, conditions.FileCondition, conditions.StageCondition,
    conditions.InstructionCondition, conditions.MountCondition, conditions.CommandCondition,
    conditions.EnvironmentCondition, conditions.Match, model.VariableWhen, model.RelatedTemplate, model.FixTemplate,
    model.ReplaceTemplate, model.MountTemplate, model.Example,
)  # fmt: skip
_TEXT = "text, a list of texts of which one is enough, or a [match](#match)"

_SUBJECTS = {
    "a command": model.When(command=conditions.CommandCondition()),
    "a mount, an instruction, a stage or a file": model.When(instruction=conditions.InstructionCondition()),
    "a use of a cache": model.When(cache=("left",)),
    "a suppression": model.When(suppression="unused"),
}


def pages() -> dict[Path, str]:
    """The text of each page."""
    packs = _packs()
    found = {DOCS / "rules" / f"{pack}.md": _pack_page(pack, rules) for pack, rules in packs.items()}
    return found | {DOCS / "rules" / "README.md": _index(packs), DOCS / "rule-language.md": _language()}


def _packs() -> dict[str, list[Rule]]:
    """The rules by the folder that they are in."""
    packs: dict[str, list[Rule]] = {}
    for path in sorted(shipped_folder().rglob("*.yaml")):
        rule = load().find(path.stem)
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
    return "\n".join([*lines, "", "[How rules are written](../rule-language.md)", ""])


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


def _language() -> str:
    lines = [
        "# How rules are written",
        "",
        "The keys of a rule file, from the classes that it is read into. `layerlint rules new ABC001` writes a rule to",
        "start from; an editor that knows JSON Schema completes the keys.",
        "",
    ]
    for cls in CLASSES:
        lines += [f"## {_title(cls)}", "", _paragraphs(cls.__doc__ or ""), ""]
        own = [field for field in fields(cls) if cls is not model.When or field.name in model.When.__annotations__]
        hints = get_type_hints(cls)
        lines += ["| key | |", "| --- | --- |"]
        lines += [f"| `{kebab_case(field.name)}` | {_kind(hints[field.name])}{_needed(field)} |" for field in own]
        lines.append("")
    lines += [
        "## Names in texts",
        "",
        "What `{name}` may be in messages, advice and fixes, where there is such a thing:",
        "",
    ]
    for title, when in _SUBJECTS.items():
        lines.append(f"- of {title}: {', '.join(f'`{name}`' for name in known_names(when))}")
    lines.append("")
    return "\n".join(lines)


def _title(cls: type) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", cls.__name__.removesuffix("Template")).lower()
    return words[:1].upper() + words[1:]


def _paragraphs(text: str) -> str:
    """A docstring, with keys as they are written in files."""
    text = re.sub(r"`([a-z_]+)`", lambda match: f"`{kebab_case(match[1])}`", text)
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _needed(field: Field[Any]) -> str:
    return "; needed" if field.default is MISSING and field.default_factory is MISSING else ""


def _kind(hint: Any) -> str:
    """A type in words."""
    if hint == conditions.Text or hint == conditions.Text | None:
        return _TEXT
    if get_origin(hint) in {Union, types.UnionType}:
        return " or ".join(dict.fromkeys(_kind(each) for each in get_args(hint) if each is not type(None)))
    if get_origin(hint) is tuple:
        return f"list: {_kind(get_args(hint)[0])}"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{word}`" for word in get_args(hint) if word)
    if hint is bool:
        return "`true` or `false`"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return ", ".join(f"`{each.value}`" for each in hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return f"[{_title(hint).lower()}](#{_title(hint).lower().replace(' ', '-')})"
    return "text"


def main() -> None:
    current = pages()
    for path in set(DOCS.rglob("*.md")) - set(current):
        path.unlink()
    for path, text in current.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
