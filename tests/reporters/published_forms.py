"""The published forms of reports, as schemas to hold layerlint's against."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import xmlschema

FOLDER = Path(__file__).parent / "published"


@cache
def _xml_schema(name: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(FOLDER / f"{name}.xsd")


def check_xml(name: str, text: str) -> None:
    """Fail unless `text` is well-formed and as `name`.xsd has it."""
    _xml_schema(name).validate(text)


def check_json(schema: Path, text: str) -> Any:
    """What `text` holds. Fail unless it is as `schema` has it."""
    value = json.loads(text)
    jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(value)
    return value
