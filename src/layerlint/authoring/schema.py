"""The JSON Schema of rule files, made from the classes that they are read into, for editors that complete and check.

It is as strict as can be said of one key and its neighbours; what follows from other keys, `layerlint` says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from layerlint.authoring.key_descriptions import key_descriptions, with_keys_as_written
from layerlint.dockerfile.keywords import KEYWORDS
from layerlint.dockerfile.mounts import MOUNT_TYPES
from layerlint.documents.yaml_model import kebab_case
from layerlint.rules.checks.checked import KINDS
from layerlint.rules.checks.file_checks import ID, PLACE
from layerlint.rules.conditions import CommandCondition, FileCondition, InstructionCondition, MountCondition
from layerlint.rules.model import ACTIONS, Example, FixTemplate, Rule
from layerlint.tools.tool import Location, Switch

SCHEMA_NAME = "layerlint-rules.schema.json"
"""What the file is called that a rule file names."""


def _one_of(*keys: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [key]} for key in keys]}


_OPTION = {"pattern": "^-"}
_NUMBER = {"pattern": "^[0-9]+$"}
# What the checks of rules say of a text, as a schema.
_TEXTS: Mapping[type, Mapping[str, Mapping[str, Any]]] = {
    Rule: {"id": {"pattern": f"^{ID.pattern}$"}},
    Example: {"at": {"pattern": f"^{PLACE.pattern}$"}},
    FileCondition: {"stages": _NUMBER},
    InstructionCondition: {"keyword": {"enum": sorted(KEYWORDS)}, "flag": _OPTION, "count": _NUMBER},
    MountCondition: {"type": {"enum": sorted(MOUNT_TYPES)}},
    CommandCondition: {"option": _OPTION},
}
# And of keys that belong together or exclude each other.
_TOGETHER: Mapping[type, dict[str, Any]] = {
    Rule: {"anyOf": [{"required": ["when"]}, {"required": ["cases"]}]},
    FixTemplate: _one_of(*map(kebab_case, ACTIONS)),
    Example: _one_of("reports", "silent") | {"dependentRequired": {"reports": ["at"], "silent": ["dockerfile"]}},
    Location: _one_of("option", "environment", "config", "home", "prefix", "path"),
    Switch: _one_of("option", "environment", "config", "file"),
}


class WithoutFieldTitles(GenerateJsonSchema):
    """Says of a key what its docstring says, and not its name once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - as pydantic calls it
        """Whether a key gets its name as a title: never."""
        return False


class _RuleSchema(WithoutFieldTitles):
    """Says of each key what the docstrings say, and of each class what is checked once it is read."""

    def dataclass_schema(self, schema: Any) -> Any:
        """As pydantic makes it, with what the docstrings and the checks say."""
        cls, made = schema["cls"], super().dataclass_schema(schema)
        if "description" in made:
            made["description"] = with_keys_as_written(made["description"])
        texts, said = _TEXTS.get(cls, {}), key_descriptions(cls)
        for key, value in made["properties"].items():
            _without_null(value)
            if key in texts:
                _restrict(value, texts[key])
            if key in said:
                value["description"] = said[key]
        return made | _TOGETHER.get(cls, {})


def _without_null(value: dict[str, Any]) -> None:
    """Nobody writes a key to say nothing with it."""
    if "default" in value and value["default"] is None:
        del value["default"]
        kinds = [kind for kind in value.pop("anyOf") if kind != {"type": "null"}]
        value.update(kinds[0] if len(kinds) == 1 else {"anyOf": kinds})


def _restrict(value: dict[str, Any], restriction: Mapping[str, Any]) -> None:
    """Let every text in `value` be as `restriction` says."""
    if value.get("type") == "string":
        value.update(restriction)
    elif value.get("type") == "array":
        _restrict(value["items"], restriction)
    for kind in value.get("anyOf", ()):
        _restrict(kind, restriction)


def rule_schema() -> str:
    """The text of the schema. Which kind of file it is tells the key that all files of the kind have."""
    adapters: list[tuple[str, Any, TypeAdapter[Any]]] = [
        (kind.__name__, "validation", TypeAdapter(kind)) for kind in {kind.__name__: kind for _, kind in KINDS}.values()
    ]
    by_kind, definitions = TypeAdapter.json_schemas(adapters, by_alias=True, schema_generator=_RuleSchema)
    refs = {name: schema for (name, _), schema in by_kind.items()}
    whole: Any = refs[Rule.__name__]
    for key, kind in reversed(KINDS):
        if kind is not Rule:
            whole = {"if": {"required": [key]}, "then": refs[kind.__name__], "else": whole}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of rules for layerlint",
        "type": "object",
    }
    return json.dumps(head | whole | definitions, indent=2) + "\n"
