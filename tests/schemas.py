"""The JSON Schemas of the JSON report and of rule files. `python -m tests.schemas` writes them anew."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter

from layerlint.authoring.schema import WithoutFieldTitles, rule_schema
from layerlint.reporters.json_model import Report

FOLDER = Path(__file__).resolve().parent.parent / "schemas"
REPORT = FOLDER / "report.schema.json"
RULES = FOLDER / "rules.schema.json"


def report_schema() -> str:
    """The text of the schema, which is open to keys that come later."""
    schema = TypeAdapter(Report).json_schema(mode="serialization", schema_generator=WithoutFieldTitles)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, indent=2, sort_keys=False) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    REPORT.write_text(report_schema(), encoding="utf-8")
    RULES.write_text(rule_schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
