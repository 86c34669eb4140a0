"""Strategies that write rule files and configurations: those that are shipped, broken ones, and hostile ones."""

# ruff: noqa: E501

from __future__ import annotations

import random

from hypothesis import strategies as st

from layerlint.rules.files.rule_files import read_rule_files
from layerlint.rules.loading import shipped_folder
from tests.fuzz.dockerfiles import mutated

SHIPPED = [file.data for file in read_rule_files([shipped_folder()], [])]

_CONFIGURATION = b"""\
select: [PIP, LL001]
ignore: [PIP006]
severity: {PIP004: warning, PIP008: "off"}
per-file-ignores: {"**/test/*.dockerfile": [PIP001]}
exclude: [vendor/, "*.old"]
fail-on: error
fix-with: env
images:
  - names: ["registry.example/team/python*"]
    user: app
    home: /home/app
    environment: {PIP_NO_CACHE_DIR: "1"}
baseline: known.json
rules: [more]
"""
_TOML = b"""\
[tool.layerlint]
select = ["PIP"]
exclude = ["vendor/", "*.old"]
fail-on = "error"
[tool.layerlint.severity]
PIP001 = "error"
[tool.layerlint.per-file-ignores]
"a/**" = ["PIP"]
"""
_RULE = b"""\
id: ABC001
name: a-rule
severity: warning
summary: a summary
message: "{command} leaves {cache} in {directory}"
advice: do something else
note: a note
when: {tool: uv, cache: [left]}
fixes: [{title: Add it, safety: safe, insert-option: --no-cache-dir}]
examples:
  - reports: "FROM a\\nRUN uv pip install x\\n"
    at: "2:5"
"""
_VALUES = st.recursive(
    st.sampled_from([
        "a", "PIP001", "1", "-1", "9" * 400, "1e999", ".inf", ".nan", "true", "null", "~", '""', '"\\u0000"', '"{command.__class__}"',
        '"{command!r}"', '"{0}"', '"{command:>99999999}"', '"{{command}}"', "&a b", "*a", "!!python/object:os.system a", "!a", "0x10", "|\n a",
        '"(a+)+$"', '"[^]"', '"**/**/**/**/**/x"', "../../etc", "/dev/zero", "2020-01-01", "\u202e", '"\\e[2J"', "\t", "? a", "--- a", "%", "@a",
    ]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.lists(st.tuples(st.sampled_from(["a", "tool", "at", "option", "names", "path", "id", "1", "<<"]), inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=6,
)  # fmt: skip
_RULE_KEYS = (
    "id", "name", "severity", "summary", "message", "advice", "note", "when", "cases", "related", "fixes", "examples", "aliases", "tool",
    "names", "caches", "options", "subcommands", "wrappers", "removers", "accounts", "images",
)  # fmt: skip
_CONFIGURATION_KEYS = (
    "select",
    "ignore",
    "severity",
    "per-file-ignores",
    "exclude",
    "fail-on",
    "fix-with",
    "images",
    "baseline",
    "rules",
    "x",
)


def _file(keys: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    pairs = st.lists(st.tuples(st.sampled_from(keys), _VALUES), min_size=1, max_size=6)
    return pairs.map(
        lambda pairs: "".join(f"{key}: {value}\n" for key, value in pairs).encode("utf-8", "surrogateescape")
    )


def _one_value_changed(text: bytes) -> st.SearchStrategy[bytes]:
    """`text` with one of its lines' values replaced."""
    lines = text.split(b"\n")

    def change(parts: tuple[int, str]) -> bytes:
        at, value = parts
        key, colon, _ = lines[at].partition(b":")
        return b"\n".join([*lines[:at], key + colon + b" " + value.encode(), *lines[at + 1 :]])

    return st.tuples(st.integers(0, len(lines) - 1), _VALUES).map(change)


def _mutated(texts: list[bytes]) -> st.SearchStrategy[bytes]:
    return st.tuples(st.sampled_from(texts), st.integers(0, 2**32)).map(
        lambda parts: mutated(parts[0], random.Random(parts[1]))
    )


_BOMBS = st.tuples(
    st.sampled_from(
        [
            b"[",
            b"{a: ",
            b"- ",
            b"a: &a [*a, ",
            b"? ",
            b"'",
            b'"',
            b"&a ",
            b"*a ",
            b"|\n",
            b"#",
            b"\xff",
            b"\0",
            b"{",
            b"- - ",
        ]
    ),
    st.integers(1, 3000),
).map(lambda parts: b"id: " + parts[0] * parts[1])
RULE_FILES = st.one_of(_mutated(SHIPPED), _mutated([_RULE]), _one_value_changed(_RULE), _file(_RULE_KEYS), _BOMBS)
CONFIGURATIONS = st.one_of(
    _mutated([_CONFIGURATION]), _one_value_changed(_CONFIGURATION), _file(_CONFIGURATION_KEYS), _BOMBS
)
TOML_CONFIGURATIONS = st.one_of(_mutated([_TOML]), _one_value_changed(_TOML))
