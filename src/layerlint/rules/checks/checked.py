"""Rule files as they are written to what they mean, with every mistake in every file.

Needs a YAML reader and a model library, which take longer to import than a small run takes: only where nothing is
compiled yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from layerlint.documents.positions import Lookup
from layerlint.documents.validation import Validated, validate_in_part
from layerlint.documents.yaml_reader import load_yaml_in_part
from layerlint.errors import Mistake, UserError
from layerlint.rules.checks.file_checks import ReadFile, check_file, check_together
from layerlint.rules.files.rule_files import RuleFile
from layerlint.rules.model import ImagesFile, Rule, ShellFile
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.tools.tool import Tool

# The key that every file of a kind has tells which kind it is.
FileKind = type[Rule] | type[Tool] | type[ShellFile] | type[ImagesFile]
KINDS: tuple[tuple[str, FileKind], ...] = (
    ("id", Rule),
    ("tool", Tool),
    ("wrappers", ShellFile),
    ("removers", ShellFile),
    ("accounts", ShellFile),
    ("images", ImagesFile),
)
# The name of a tool in a file that cannot be read further: what rules say of it is not wrong for that.
_TOOL = lazy_pattern(r"^tool:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)

_MAX_REMEMBERED = 500
"""In rule files. There are fewer in all that layerlint brings."""


def check_files(files: Sequence[RuleFile], mistakes: Sequence[Mistake]) -> list[object]:
    """What `files` say, in their order: rules, tools and the other kinds.

    Raises UserError with every mistake in every file, and with those in `mistakes`.
    """
    found = list(mistakes)
    read: list[ReadFile] = []
    other_tools: list[str] = []
    for file in files:
        try:
            wrong, said = _checked(file)
        except UserError as error:
            wrong, said = error.mistakes, None
        found.extend(wrong)
        if said is not None:
            read.append(said)
        if said is None or said.left_out:
            other_tools += _TOOL.findall(file.data.decode(errors="replace"))
    found.extend(check_together(read, other_tools))
    if found:
        raise UserError(*found)
    return [file.meaning for file in read]


@lru_cache(_MAX_REMEMBERED)
def _checked(file: RuleFile) -> tuple[Sequence[Mistake], ReadFile | None]:
    """What is wrong with one file, in its order, and what it says, as far as that is said in the right shape.

    Raises UserError if nothing can be read. Of several sets of rules in one process most files are the same.
    """
    valid, lookup = _read(file)
    if valid.instance is None:
        return tuple(sorted(valid.mistakes, key=_by_place)), None
    wrong = [*valid.mistakes, *check_file(valid.instance, lookup, file.path, valid.left_out)]
    return tuple(sorted(wrong, key=_by_place)), ReadFile(valid.instance, lookup, file.path, not wrong, valid.left_out)


def _by_place(mistake: Mistake) -> tuple[bool, int, int]:
    """What has no place is how many more there are."""
    return not mistake.line, mistake.line, mistake.column


def _read(file: RuleFile) -> tuple[Validated[object], Lookup]:
    """What a file says, as far as it has the right shape, and where. Raises UserError if it has none."""
    try:
        text = file.data.decode()
    except UnicodeDecodeError as error:
        cause = f"byte {error.start + 1} is not part of any character"
        raise UserError(Mistake("the rule file is not UTF-8", cause, "save it as UTF-8", file.path)) from error
    data, lookup, mistakes = load_yaml_in_part(text, file.path)
    kind = _kind(data)
    if kind is None:
        raise UserError(*mistakes, _no_rule_file(file.path))
    valid: Validated[object] = validate_in_part(kind, data, lookup, file.path)
    return replace(valid, mistakes=(*mistakes, *valid.mistakes)), lookup


def _kind(data: Any) -> FileKind | None:
    return next((kind for key, kind in KINDS if key in data), None) if isinstance(data, dict) else None


def _no_rule_file(path: str) -> Mistake:
    cause = (
        'a rule has the key "id", the description of a tool "tool", facts about base images "images", and those about '
        'other programs have "wrappers", "removers" or "accounts"'
    )
    return Mistake("this is not a rule file", cause, 'begin with "id:" or "tool:"', path, 1, 1)
