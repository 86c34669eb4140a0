"""The pages on how rules and package managers are described: prose, and tables from the classes of the files.

`tests/rule_reference.py` writes them.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from layerlint.authoring.key_descriptions import descriptions_behind_fields, with_keys_as_written
from layerlint.caches.removal import Expression, Remover
from layerlint.documents.yaml_model import kebab_case
from layerlint.image.accounts import AccountProgram
from layerlint.image.images import Image, ImageUser
from layerlint.rules import conditions, model
from layerlint.rules.conditions import unasked
from layerlint.rules.templates import names_of
from layerlint.shell.wrapper import Wrapper
from layerlint.tools import config, tool, use
from layerlint.tools.bringer import Bringer
from layerlint.tools.option_variable import OptionVariable
from tests.language_prose import COMMANDS, INSTRUCTIONS, NAMES, NAMES_OF_CACHES, PLACES, RULES, TEXTS, TOOLS

# In the order in which a reader needs them.
_OF_RULES = (
    model.Rule, model.Case, model.When, conditions.Condition, conditions.FileCondition, conditions.StageCondition,
    conditions.InstructionCondition, conditions.MountCondition, conditions.CommandCondition,
    conditions.EnvironmentCondition, conditions.Match, model.VariableWhen, model.RelatedTemplate, model.FixTemplate,
    model.ReplaceTemplate, model.MountTemplate, model.Example,
)  # fmt: skip
_OF_TOOLS = (
    tool.Tool, tool.OptionNames, OptionVariable, tool.Cache, use.Use, use.Emptying, tool.Location, tool.Switch,
    config.Config, config.ConfigFile, config.ConfigWriter, tool.OwnPackage, Bringer, Wrapper, Remover, Expression,
    AccountProgram, Image, ImageUser,
)  # fmt: skip
_TEXT = "text, a list of texts of which one is enough, or a [match](#match)"
_BEHIND = {
    conditions.InstructionCondition: INSTRUCTIONS,
    conditions.CommandCondition: COMMANDS,
    conditions.Match: TEXTS,
}

_SUBJECTS = {
    "a command, a mount, an instruction or a stage": (
        model.When(instruction=conditions.InstructionCondition()),
        NAMES,
    ),
    "a file": (model.When(file=conditions.FileCondition()), NAMES),
    "a use of a cache": (model.When(cache=("left",), option=("--any",), needed=("later",)), NAMES_OF_CACHES),
    "a removal": (model.When(removal=("late",)), NAMES_OF_CACHES),
    "a suppression": (model.When(suppression="unused"), NAMES),
}


def rule_language() -> str:
    """The page on rules."""
    lines = [RULES, *_tables(_OF_RULES), *_places(), *_names()]
    return "\n".join(lines)


def tool_language() -> str:
    """The page on package managers, and on what else layerlint can be told of programs and images."""
    return "\n".join([TOOLS, *_tables(_OF_TOOLS)])


def _tables(classes: Sequence[type]) -> Iterator[str]:
    for cls in classes:
        yield from (f"## {_title(cls)}", "", _paragraphs(cls.__doc__ or ""), "")
        if cls in _BEHIND:
            yield from (_BEHIND[cls], "")
        own = [field for field in fields(cls) if cls is not model.When or field.name in model.When.__annotations__]
        hints, said = get_type_hints(cls), descriptions_behind_fields(cls)
        yield from ("| key | | |", "| --- | --- | --- |") if said else ("| key | |", "| --- | --- |")
        for field in own:
            key = kebab_case(field.name)
            text = f" {said.get(key, '')} |" if said else ""
            yield f"| `{key}` | {_kind(hints[field.name])}{_needed(field)} |{text}"
        yield ""


def _places() -> Iterator[str]:
    yield from ("## Places", "", "What `at`, `place` and `remove` may name:", "")
    yield from ("| place | |", "| --- | --- |")
    yield from (f"| `{place}` | {PLACES[place]} |" for place in get_args(model.Place))
    yield ""


def _names() -> Iterator[str]:
    yield from (
        "## Names in texts",
        "",
        "What `{name}` may be in messages, advice and fixes. It stands for nothing where there is no such thing.",
    )
    for title, (when, descriptions) in _SUBJECTS.items():
        yield from ("", f"Of {title}:", "", "| name | |", "| --- | --- |")
        yield from (f"| `{{{name}}}` | {descriptions[name]}{_asked(when, name)} |" for name in names_of(when))
    yield ""


def _asked(when: model.When, name: str) -> str:
    """What the condition must have for a text to use a name."""
    missing = unasked(when, name) if when.subject is not None else None
    if missing is None:
        return ""
    part, key = missing
    return f"; needs `{key}` in `{part}`" if key else f"; needs a `{part}` in the condition"


def _title(cls: type) -> str:
    name = cls.__name__.removesuffix("Template")
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return words[:1].upper() + words[1:]


def _paragraphs(text: str) -> str:
    """A docstring, with keys as they are written in files."""
    return "\n\n".join(" ".join(part.split()) for part in with_keys_as_written(text).split("\n\n"))


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
    if get_origin(hint) is Mapping:
        key, value = get_args(hint)
        return f"map: {_kind(key)} to {_kind(value)}"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{word}`" for word in get_args(hint) if word)
    if hint is bool:
        return "`true` or `false`"
    if hint is int:
        return "number"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return ", ".join(f"`{each.value}`" for each in hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return f"[{_title(hint).lower()}](#{_title(hint).lower().replace(' ', '-')})"
    return "text"
