"""The file that a baseline is kept in: its text to entries, and entries to its text.

    {
      "layerlint-baseline": 1,
      "findings": [
        {"path": "app/Dockerfile", "rule": "PIP001", "fingerprint": "b0a3cb3d21b4e1fd718e74d83e0459be:1"}
      ]
    }

Entries are sorted and stand on a line each: a change of one finding is a change of one line.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

from layerlint.documents.yaml_model import STRICT
from layerlint.errors import Mistake, UserError

VERSION = 1
MAX_SIZE = 16 * 1024 * 1024
"""In bytes: some hundred thousand findings."""

MARK = "layerlint-baseline"
"""The key that says that a file is a baseline, and of which version."""

_MAX_MISTAKES = 10


class Entry(NamedTuple):
    """A finding as a baseline has it; the rule and the path are there for people."""

    path: str
    rule: str
    fingerprint: str


def how_to_write(shown: str) -> str:
    """The command that writes the baseline anew."""
    return f"layerlint check --write-baseline {shlex.quote(shown)}"


def parse(data: bytes, shown: str) -> list[Entry]:
    """The entries of a baseline's bytes; messages call it `shown`. Raises UserError with what is wrong."""
    anew = f"mend it, or write it anew: {how_to_write(shown)}"
    try:
        content = json.loads(decoded := data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise UserError(Mistake("this is not JSON", error.msg, anew, shown, error.lineno, error.colno)) from error
    except UnicodeDecodeError as error:
        reason = f"byte {error.start + 1} is not part of any character"
        raise UserError(Mistake("the baseline is not UTF-8", reason, anew, shown)) from error
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep, or a number in it is too long"
        raise UserError(Mistake("this is not a baseline", reason, anew, shown)) from error
    if not isinstance(content, dict) or MARK not in content:
        reason = f'the key "{MARK}" is missing'
        raise UserError(Mistake("this is not a baseline", reason, f"write one: {how_to_write(shown)}", shown))
    version = content[MARK]
    if type(version) is not int or version != VERSION:
        said = json.dumps(version)[:60] if not isinstance(version, list | dict) else "that is no number"
        reason = f"it has version {said}, and this layerlint reads version {VERSION}"
        step = f"use the layerlint that wrote it, or write it anew: {how_to_write(shown)}"
        raise UserError(Mistake("the baseline cannot be read", reason, step, shown))
    if not _is_valid(content):
        raise UserError(*_mistakes(content, decoded, shown))
    return [Entry(**entry) for entry in content["findings"]]


def _is_valid(content: Any) -> bool:
    """Whether `content` is a `_File`: what pydantic would say, which takes longer to import than a small run."""
    return (
        content.keys() == {MARK, "findings"}
        and isinstance(content["findings"], list)
        and all(
            isinstance(entry, dict)
            and entry.keys() == set(Entry._fields)
            and all(isinstance(value, str) for value in entry.values())
            for entry in content["findings"]
        )
    )


@dataclass(frozen=True)
class _Entry:
    path: str
    rule: str
    fingerprint: str


@dataclass(frozen=True)
class _File:
    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT

    layerlint_baseline: int
    findings: tuple[_Entry, ...]


def _mistakes(content: Any, decoded: str, shown: str) -> list[Mistake]:
    """What is wrong with a baseline, the first of it."""
    from layerlint.documents.positions import (  # needed for what is wrong alone, as are the others
        TOO_DEEP,
        Place,
        Places,
    )
    from layerlint.documents.validation import validate
    from layerlint.documents.yaml_reader import load_yaml

    found: _File | list[Mistake] = []
    try:
        _, lookup = load_yaml(decoded, shown)
    except UserError as error:  # JSON is YAML, but for keys that stand twice and the like
        found = [mistake for mistake in error.mistakes if mistake.title == TOO_DEEP]
        lookup = Places(lambda: {(): Place((0, 0), (0, 0))})
    found = found or validate(_File, content, lookup, shown)
    mistakes = found if isinstance(found, list) else [Mistake("this is not a baseline", "it cannot be read", "", shown)]
    step = f"write it anew: {how_to_write(shown)}"
    return [replace(mistake, next_step=mistake.next_step or step) for mistake in mistakes[:_MAX_MISTAKES]]


def text(entries: Iterable[Entry]) -> str:
    """The file's text, which is the same in whatever order the entries come."""
    lines = [f"    {_json_object(entry)}" for entry in sorted(entries)]
    findings = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "{MARK}": {VERSION},\n  "findings": {findings}\n}}\n'


def _json_object(entry: Entry) -> str:
    # Bytes of a path that are no UTF-8, and what is not seen, are written as escapes, which JSON's readers turn back.
    values = (json.dumps(value, ensure_ascii=not value.isprintable()) for value in entry)
    return "{" + ", ".join(f'"{name}": {value}' for name, value in zip(Entry._fields, values, strict=True)) + "}"
