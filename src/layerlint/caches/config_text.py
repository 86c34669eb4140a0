"""The text of a tool's configuration file to its keys and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

Sections = Mapping[str, Mapping[str, str]]
"""The keys, as their tools compare them (lower-case, with dashes), and values of each section."""


@lru_cache(maxsize=64)
def read_config_text(form: Literal["ini", "lines", "toml", "words"], content: str) -> Sections:
    """The sections of a file, that of what stands in none has an empty name; nothing of a file that cannot be read."""
    if form == "toml":
        return _read_toml(content)
    if form == "ini":
        return _read_ini(content)
    return {"": _read_lines(content, "=" if form == "lines" else " ")}


def _read_lines(content: str, separator: str) -> Mapping[str, str]:
    lines = (line.strip() for line in content.splitlines())
    pairs = (line.partition(separator) for line in lines if line[:1] not in {"#", ";", "["})
    return {_key(key.strip()): value.strip().strip("\"'") for key, equals, value in pairs if equals}


def _read_ini(content: str) -> Sections:
    import configparser  # noqa: PLC0415 (few images have a configuration file)

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(content)
    except configparser.Error:
        return {}
    return {section: {_key(key): value for key, value in parser.items(section)} for section in parser.sections()}


def _read_toml(content: str) -> Sections:
    import tomllib  # noqa: PLC0415 (as above)

    try:
        return dict(_tables("", tomllib.loads(content)))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _tables(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield name, {_key(key): _written(value) for key, value in table.items() if isinstance(value, str | bool | int)}
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _tables(f"{name}.{key}" if name else key, value)


def _written(value: str | bool | int) -> str:  # noqa: FBT001 (what TOML gives)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _key(key: str) -> str:
    return key.lower().replace("_", "-")
