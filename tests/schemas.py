"""The JSON Schema of the JSON report. `python -m tests.schemas` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from layerlint.reporters.json_model import Report

REPORT = Path(__file__).resolve().parent.parent / "schemas" / "report.schema.json"


class _WithoutFieldTitles(GenerateJsonSchema):
    """Says of a key what its docstring says, and not its name once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - as pydantic calls it
        return False


def report_schema() -> str:
    """The text of the schema, which is open to keys that come later."""
    schema = TypeAdapter(Report).json_schema(mode="serialization", schema_generator=_WithoutFieldTitles)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, indent=2, sort_keys=False) + "\n"


def main() -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report_schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
