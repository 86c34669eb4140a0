"""The text of a tool's configuration file to its keys and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from layerlint.errors import UserError
from layerlint.tools.config import Form

Sections = Mapping[str, Mapping[str, str]]
"""The keys, as their tools compare them (lower-case, with dashes), and values of each section."""

LIST_SEPARATOR = "\n"
"""Between the texts of a list that is a key's value."""

# Of tables and lists in each other. No tool's keys are there, and to follow them takes the stack.
_MAX_DEPTH = 50


@lru_cache(maxsize=64)
def read_config_text(form: Form, content: str) -> Sections:
    """The sections of a file, that of what stands in none has an empty name; nothing of a file that cannot be read."""
    match form:
        case "ini":
            return _read_ini(content)
        case "lines" | "words":
            return {"": _read_lines(content, "=" if form == "lines" else " ")}
        case _:
            tree = read_tree(form, content)
            return dict(_tables("", tree)) if tree else {}


def config_key(key: str) -> str:
    """A key in the one way that counts here, however its tool's users write it."""
    return key.lower().replace("_", "-").removeprefix("--")  # some allow an option's dashes


def read_tree(form: Form, content: str) -> Mapping[str, Any]:
    """What a file of a form that nests says; nothing of one that cannot be read, or holds no table."""
    try:
        tree = _parsed(form, content)
    except (ValueError, RecursionError, UserError):
        return {}
    return tree if isinstance(tree, dict) and not _is_deep(tree) else {}


def _parsed(form: Form, content: str) -> object:
    if form == "json":
        import json  # few images have a configuration file

        return json.loads(content)
    if form == "toml":
        import tomllib  # as above

        return tomllib.loads(content)
    from layerlint.documents.yaml_reader import load_yaml  # as above

    return load_yaml(content, "")[0]


def _is_deep(tree: object) -> bool:
    level: list[Any] = [tree]
    for _ in range(_MAX_DEPTH):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _read_lines(content: str, separator: str) -> Mapping[str, str]:
    lines = (line.strip() for line in content.splitlines())
    pairs = (line.partition(separator) for line in lines if line[:1] not in {"#", ";", "["})
    return {config_key(key.strip()): value.strip().strip("\"'") for key, equals, value in pairs if equals}


def without_ini_key(content: str, key: str) -> str | None:
    """A file's text without a key (`section.key`), None where it has none."""
    section, _, name = key.partition(".")
    sections = {each: dict(values) for each, values in _read_ini(content).items()}
    if sections.get(section, {}).pop(config_key(name), None) is None:
        return None
    lines = ((f"[{each}]", *(f"{key} = {value}" for key, value in values.items())) for each, values in sections.items())
    return "\n".join(line.replace("\n", "\n    ") for part in lines for line in (*part, ""))


def _read_ini(content: str) -> Sections:
    import configparser  # few images have a configuration file

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(content)
    except configparser.Error:
        return {}
    return {section: {config_key(key): value for key, value in parser.items(section)} for section in parser.sections()}


def _tables(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    values = ((key, _written(value)) for key, value in table.items())
    yield name, {config_key(key): value for key, value in values if value is not None}
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _tables(f"{name}.{key}" if name else key, value)


def _written(value: object) -> str | None:
    """What a file says as text; None for a table, and for a list that has more than texts."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return LIST_SEPARATOR.join(value)
    return str(value) if isinstance(value, str | int) else None
