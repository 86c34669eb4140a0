"""Options that exclude each other, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import BAD, run, write

LEAVE_OUT = "  help: leave one out\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["--baseline", "x", "--no-baseline"],
            "--baseline and --no-baseline exclude each other\n"
            "  one asks for a baseline, the other for none\n" + LEAVE_OUT,
            id="with and without",
        ),
        *(
            pytest.param(
                ["--write-baseline", "x", *other],
                f"--write-baseline and {' '.join(other[:1])} exclude each other\n"
                "  a baseline takes in all findings there are\n" + LEAVE_OUT,
                id=f"write and {other[0]}",
            )
            for other in (["--baseline", "x"], ["--changed-since", "x"])
        ),
        *(
            pytest.param(
                ["--write-baseline", "x", *other],
                f"--write-baseline and {' '.join(other)} exclude each other\n"
                "  one notes what is there, the other changes it\n" + LEAVE_OUT,
                id=f"write and {other[-1]}",
            )
            for other in (["--fix"], ["--diff"])
        ),
        *(
            pytest.param(
                ["--write-baseline", "x", *patch],
                "--write-baseline and the format patch exclude each other\n"
                "  what is in the baseline is not fixed\n" + LEAVE_OUT,
                id=f"write and {patch[0]}",
            )
            for patch in (["--format", "patch"], ["--output", "patch=p"])
        ),
        pytest.param(
            ["--add-ignores", "--format", "patch"],
            "--add-ignores and the format patch exclude each other\n"
            "  one writes what the other only shows\n" + LEAVE_OUT,
            id="add-ignores and a patch",
        ),
        pytest.param(
            ["--write-baseline", "x", "--add-ignores"],
            "--write-baseline and --add-ignores exclude each other\n"
            "  both silence the findings there are\n" + LEAVE_OUT,
            id="write and add-ignores",
        ),
        pytest.param(
            ["--write-baseline", "x", "-"],
            "--write-baseline and - exclude each other\n"
            "  a baseline knows findings by their file's path, and standard input has none\n" + LEAVE_OUT,
            id="write and standard input",
        ),
        pytest.param(
            ["--add-ignores", "--fix"],
            "--add-ignores and --fix exclude each other\n  one silences findings, the other mends them\n" + LEAVE_OUT,
            id="add-ignores and fix",
        ),
        pytest.param(
            ["--add-ignores", "--diff", "--format", "json"],
            "--diff and --format json exclude each other\n  --diff prints a patch\n" + LEAVE_OUT,
            id="add-ignores, diff and a format",
        ),
        pytest.param(
            ["--changed-since", "x", "-"],
            "--changed-since and - need a name\n"
            "  without a name nothing says what it was before\n  help: add --stdin-filename PATH\n",
            id="changed-since and standard input",
        ),
    ],
)
def test_what_is_said(arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("Dockerfile")
    assert run("check", *arguments) == (2, "", f"layerlint: error: {message}")
    assert [path.read_text() for path in tmp_path.iterdir()] == [BAD]


def test_all_at_once() -> None:
    errors = run("check", "--write-baseline", "x", "--baseline", "y", "--fix", "--add-ignores", "-")[2]
    assert errors.count("exclude each other") == 5
