"""Rule files to a rule set. Every mistake in every file is found before any Dockerfile is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from layerlint.errors import Mistake, UserError
from layerlint.positions import Lookup, load_yaml
from layerlint.rules.checks import check_file, check_together
from layerlint.rules.model import ImagesFile, Rule, ShellFile
from layerlint.rules.ruleset import RuleSet, make_ruleset
from layerlint.tools.tool import Tool
from layerlint.validation import validate

# The key that every file of a kind has tells which kind it is.
FileKind = type[Rule] | type[Tool] | type[ShellFile] | type[ImagesFile]
_KINDS: tuple[tuple[str, FileKind], ...] = (
    ("id", Rule),
    ("tool", Tool),
    ("wrappers", ShellFile),
    ("removers", ShellFile),
    ("accounts", ShellFile),
    ("images", ImagesFile),
)


def shipped_folder() -> Path:
    """The folder of the rules that come with layerlint: inside an installed wheel, at the top of a source tree."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "packs"
    return installed if installed.is_dir() else package.parent.parent / "rules"


def load(paths: Iterable[Path] = (), *, shipped: bool = True) -> RuleSet:
    """The shipped rules and those in `paths` (files, or folders with `*.yaml` and `*.yml` files in them).

    Raises UserError with every mistake in every file.
    """
    mistakes: list[Mistake] = []
    read: list[tuple[object, Lookup, str]] = []
    for path in _files([*([shipped_folder()] if shipped else []), *paths], mistakes):
        try:
            read.append(_read(path))
        except UserError as error:
            mistakes.extend(error.mistakes)
    mistakes.extend(check_together(read))
    if mistakes:
        raise UserError(*mistakes)
    return make_ruleset([file for file, _, _ in read])


def _files(paths: Sequence[Path], mistakes: list[Mistake]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            below = sorted(file for file in path.rglob("*") if file.suffix in {".yaml", ".yml"} and file.is_file())
            found.update(dict.fromkeys(below))
        elif path.exists():
            found[path] = None
        else:
            cause = "there is no file or folder of this name"
            mistakes.append(Mistake("rules not found", cause, "check the path given for rules", str(path)))
    return list(found)


def _read(path: Path) -> tuple[object, Lookup, str]:
    shown = path.as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UserError(Mistake("the rule file cannot be read", str(reason), path=shown)) from error
    data, lookup = load_yaml(text, shown)
    file = validate(_kind(data, shown), data, lookup, shown)
    if isinstance(file, list):
        raise UserError(*file)
    mistakes = check_file(file, lookup, shown)
    if mistakes:
        raise UserError(*mistakes)
    return file, lookup, shown


def _kind(data: Any, path: str) -> FileKind:
    if isinstance(data, dict):
        for key, kind in _KINDS:
            if key in data:
                return kind
    cause = 'a rule has the key "id", the description of a tool "tool", facts about base images "images"'
    raise UserError(Mistake("this is not a rule file", cause, 'begin with "id:" or "tool:"', path, 1, 1))
