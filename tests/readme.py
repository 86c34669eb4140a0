"""The blocks of README.md. `python -m tests.readme` writes into it what its commands print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
README = PROJECT / "README.md"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LAST_LINES = 2


class Block(NamedTuple):
    language: str
    text: str
    line: int


def blocks() -> Iterator[Block]:
    text = README.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        yield Block(match[1], match[2], text.count("\n", 0, match.start()) + 1)


def block(language: str, having: str) -> str:
    """The text of the one block in `language` that has `having` in it."""
    (found,) = [each.text for each in blocks() if each.language == language and having in each.text]
    return found


def printed_by(command: str) -> str:
    """What the console shows when `command` (`layerlint ...`) is run in the project's folder."""
    program, *arguments = command.split()
    if program != "layerlint":
        raise ValueError(command)
    done = subprocess.run(
        [sys.executable, "-m", "layerlint", *arguments],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT / "src"), "COLUMNS": "80", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode()


def last_lines(output: str) -> str:
    """The end of what the install block prints, as the README shows it."""
    return "".join(output.splitlines(keepends=True)[-_LAST_LINES:])


def _current(match: re.Match[str]) -> str:
    language, text = match[1], match[2]
    if language == "console":
        command = text.splitlines()[0]
        return f"```console\n{command}\n{printed_by(command.removeprefix('$ '))}```"
    if language == "text":
        return f"```text\n{last_lines(printed_by('layerlint check examples') + 'exit status 1' + chr(10))}```"
    return match[0]


def main() -> None:
    README.write_text(_BLOCK.sub(_current, README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
