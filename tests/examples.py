"""Write `output.txt` and `fix.patch` beside each Dockerfile in `examples/`: `python -m tests.examples`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from layerlint.run.check import CheckOptions, check
from layerlint.run.file_work import Mode

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLES = PROJECT / "examples"
OUTPUT, PATCH = "output.txt", "fix.patch"


def example_folders() -> list[Path]:
    return sorted(path.parent for path in EXAMPLES.glob("*/Dockerfile"))


def what_check_prints(folder: Path, mode: Mode) -> str:
    """What `layerlint check [--diff] examples/NAME` prints in the project's folder, without a terminal."""
    path = folder.relative_to(PROJECT).as_posix()
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "output"
        check(CheckOptions(paths=(path,), mode=mode, outputs=(str(output),), isolated=True, color="never"))
        return output.read_bytes().decode()


def main() -> None:
    os.environ["COLUMNS"] = "80"
    os.chdir(PROJECT)
    for folder in example_folders():
        (folder / OUTPUT).write_bytes(what_check_prints(folder, "report").encode())
        patch = what_check_prints(folder, "diff")
        if patch:
            (folder / PATCH).write_bytes(patch.encode())
        else:
            (folder / PATCH).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
