"""The JSON Schema of the JSON report: it is what the classes say, and what is printed is as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests import schemas
from tests.program import BROKEN, run, write


def closed(schema: Any) -> Any:
    """`schema`, in which every object has the keys that it names and no others."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    extra = {"additionalProperties": False} if "properties" in schema else {}
    return {key: closed(value) for key, value in schema.items()} | extra


SCHEMA = json.loads(schemas.REPORT.read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(closed(SCHEMA))


def test_it_is_a_schema_and_up_to_date() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert schemas.report_schema() == schemas.REPORT.read_text(encoding="utf-8"), "run: python -m tests.schemas"


def test_it_is_open_to_keys_that_come_later() -> None:
    assert "additionalProperties" not in schemas.REPORT.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["FROM a\n", "FROM a\nRUN pip install b && \\\n  c\n", BROKEN, "FROM a\nRUN PIP_NO_CACHE_DIR=0 sudo pip install b"])  # fmt: skip  # noqa: E501
@pytest.mark.parametrize("arguments", [[], ["--fix"], ["nope"]], ids=str)
def test_what_is_printed_is_as_it_says(
    text: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write("Dockerfile", text)
    VALIDATOR.validate(json.loads(run("check", "--format", "json", ".", *arguments)[1]))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("severity", "bad", id="a severity that there is not"),
        pytest.param("line", "1", id="a number as text"),
        pytest.param("instruction", {}, id="an instruction without keys"),
        pytest.param("extra", 1, id="another key"),
        pytest.param("fixes", [{"title": "x", "safety": "no", "edits": []}], id="a safety that there is not"),
    ],
)
def test_it_refuses_what_is_not(key: str, value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("Dockerfile")
    report = json.loads(run("check", "--format", "json")[1])
    VALIDATOR.validate(report)
    report["findings"][0][key] = value
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(report)
