"""What the folders promise: data goes one way, and nothing about a tool stands in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import layerlint
from layerlint.rules.loading import load

PACKAGE = Path(layerlint.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each imports only from those before it, and from itself.
ORDER = [
    {"source", "errors", "line_diff", "name_glob", "quick_dataclass", "yaml_model", "version", "replacement"},
    {"mapped_text", "finding", "positions", "reading", "toml_positions", "validation"},
    {"dockerfile"},
    {"shell"},
    {"tools", "image"},
    {"caches"},
    {"selection", "edits"},
    {"rules", "suppressions", "fix_check", "fixing"},
    {"linting", "fingerprint", "changed_lines", "ignore_comments"},
    {"reporters", "write_back", "rule_examples"},
]
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("layerlint."):
            yield node.module.split(".")[1]  # type: ignore[union-attr]


@pytest.mark.parametrize("path", [path for path in MODULES if part(path) in LEVELS], ids=lambda path: path.name)
def test_no_import_runs_backwards(path: Path) -> None:
    own = LEVELS[part(path)]
    backwards = {name for name in imported(path) if LEVELS.get(name, len(ORDER)) > own}
    assert not backwards


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_tool_is_named_in_code(path: Path) -> None:
    names = {re.escape(name) for tool in load().tools for name in (tool.tool, *tool.names) if name.isalnum()}
    named = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(names))})(?![a-z])", re.IGNORECASE)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {id(statement.value) for statement in ast.walk(tree) if isinstance(statement, ast.Expr)}
    words = [
        node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation)
    ]
    assert [word for word in words if named.search(word)] == []
