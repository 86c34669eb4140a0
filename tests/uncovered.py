# ruff: noqa: T201 - a command prints
"""`python -m tests.uncovered coverage.json`: the lines that no ordinary test goes through, each with its reason.

The reasons stand in `uncovered.yaml`, by file, function and the text of the line. Exit status 1 when a line has none,
or when a reason is about a line that is not there.
"""

from __future__ import annotations

import ast
import functools
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

REASONS = Path(__file__).with_suffix(".yaml")
SOURCE = Path(__file__).resolve().parent.parent / "src" / "layerlint"

Place = tuple[str, str]
"""A file below `SOURCE`, and one of its lines: its function and its text without the white space around it."""


def reasons() -> Mapping[Place, str]:
    """What is said of each line."""
    groups = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    return {
        (file, line): group["reason"] for group in groups for file, lines in group["lines"].items() for line in lines
    }


def uncovered(report: Mapping[str, Any]) -> Iterator[Place]:
    """The lines that a report of coverage.py (`coverage json`) says are missing."""
    for path, file in report["files"].items():
        name = Path(path).resolve().relative_to(SOURCE).as_posix()
        for number in file["missing_lines"]:
            yield name, lines(name)[number - 1]


@functools.cache
def lines(name: str) -> Sequence[str]:
    """The lines of a file below `SOURCE` as they stand in a `Place`."""
    text = (SOURCE / name).read_text(encoding="utf-8")
    around = [""] * (text.count("\n") + 1)
    for function, first, last in _functions(ast.parse(text), ""):
        around[first - 1 : last] = [f"{function}: "] * (last - first + 1)
    return [where + line.strip() for where, line in zip(around, text.split("\n"), strict=True)]


def _functions(node: ast.AST, outer: str) -> Iterator[tuple[str, int, int]]:
    """Each function and method with its first and last line, those inside of others behind them."""
    for child in ast.iter_child_nodes(node):
        name = outer
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            name = f"{outer}.{child.name}".lstrip(".")
            if isinstance(child, ast.FunctionDef) and child.end_lineno is not None:
                yield name, child.lineno, child.end_lineno
        yield from _functions(child, name)


def main(arguments: Sequence[str]) -> int:
    """Say what is wrong."""
    known = reasons()
    missing = dict.fromkeys(uncovered(json.loads(Path(arguments[0]).read_text(encoding="utf-8"))))
    unexplained = [place for place in missing if place not in known]
    gone = [(name, line) for name, line in known if not (SOURCE / name).is_file() or line not in lines(name)]
    for name, line in unexplained:
        print(f"{name}: no test goes through it, and no reason is given: {line}")
    for name, line in gone:
        print(f"{name}: a reason is given for a line that is not there: {line}")
    print(f"{len(missing)} lines that no test goes through, {len(unexplained)} of them without a reason")
    return 1 if unexplained or gone else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
