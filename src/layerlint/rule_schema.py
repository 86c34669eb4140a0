"""The JSON Schema of rule files, made from the classes that they are read into, for editors that complete and check."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from layerlint.rules.checked import KINDS
from layerlint.rules.model import Rule

SCHEMA_NAME = "layerlint-rules.schema.json"
"""What the file is called that a rule file names."""


class WithoutFieldTitles(GenerateJsonSchema):
    """Says of a key what its docstring says, and not its name once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - as pydantic calls it
        """Never."""
        return False


def rule_schema() -> str:
    """The text of the schema. Which kind of file it is tells the key that all files of the kind have."""
    adapters: list[tuple[str, Any, TypeAdapter[Any]]] = [
        (kind.__name__, "validation", TypeAdapter(kind)) for kind in {kind.__name__: kind for _, kind in KINDS}.values()
    ]
    by_kind, definitions = TypeAdapter.json_schemas(adapters, by_alias=True, schema_generator=WithoutFieldTitles)
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
