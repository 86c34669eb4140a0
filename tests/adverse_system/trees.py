"""Files of a test, and what a run says of them."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.program import BAD, FIXED, in_short, write

ROOT = os.geteuid() == 0
# A fixed file is a whole one, and as long as this takes several writes.
LONG = BAD + "# and so on\n" * 20_000
LONG_FIXED = LONG.replace(BAD, FIXED)

FIX = ("check", "--fix", "--format", "json")


def contents() -> dict[str, str]:
    """Every file below the current folder but those in `.git`, whatever its name."""
    return {str(path): path.read_text() for path in sorted(Path().rglob("*")) if path.is_file()}


def said(output: str) -> list[str]:
    return in_short(json.loads(output))


def many_files(count: int) -> list[str]:
    paths = [f"{number // 50}/{number}.Dockerfile" for number in range(count)]
    for path in paths:
        write(path, BAD + f"# {path}\n" * 50)
    return paths


def assert_each_is_whole(paths: list[str]) -> int:
    """Every file is as it was or as it should be, and nothing else is there. How many are fixed."""
    found = contents()
    assert sorted(found) == sorted(paths)
    fixed = 0
    for path, text in found.items():
        before = BAD + f"# {path}\n" * 50
        after = before.replace(BAD, FIXED)
        assert text in (before, after), path
        fixed += text == after
    return fixed
