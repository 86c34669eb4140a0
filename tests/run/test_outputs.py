"""Several reports in one run: what goes where, and what is refused."""

# ruff: noqa: E501, ISC004

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from layerlint.errors import UserError
from layerlint.reporters import FORMATS
from layerlint.run.outputs import STANDARD_ERROR, Target, parse_targets
from tests.program import BAD, BROKEN, FIXED, run, write


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("format_name", "outputs", "targets"),
    [
        pytest.param(None, [], [("text", "-")], id="nothing asked"),
        pytest.param("json", [], [("json", "-")], id="a format"),
        pytest.param(None, ["out"], [("text", "out")], id="a file takes text from standard output"),
        pytest.param("json", ["out"], [("json", "out")], id="or the format"),
        pytest.param(None, ["sarif=out"], [("text", "-"), ("sarif", "out")], id="a file with a format stands beside it"),
        pytest.param("json", ["sarif=out"], [("json", "-"), ("sarif", "out")], id="beside a format"),
        pytest.param("json", ["a", "sarif=b"], [("json", "a"), ("sarif", "b")], id="both kinds of file"),
        pytest.param(None, ["-"], [("text", "-")], id="a hyphen is standard output"),
        pytest.param(None, ["sarif=-", "junit=x"], [("sarif", "-"), ("junit", "x")], id="which takes text's place"),
        pytest.param(None, ["text=-", "sarif=a"], [("text", "-"), ("sarif", "a")], id="as text itself does"),
        pytest.param(None, ["json=-", "json=a"], [("json", "-"), ("json", "a")], id="a format in two places"),
        pytest.param(None, ["./-"], [("text", "./-")], id="a file called so"),
        pytest.param(None, ["./a=b"], [("text", "./a=b")], id="a path with an equals sign"),
        pytest.param(None, ["a/sarif=b"], [("text", "a/sarif=b")], id="another"),
        pytest.param(None, ["a.b=c"], [("text", "a.b=c")], id="no format has a dot"),
        pytest.param(None, ["=a"], [("text", "=a")], id="no format at all"),
        pytest.param(None, ["sarif=a=b"], [("text", "-"), ("sarif", "a=b")], id="the first equals sign counts"),
        pytest.param(None, ["sarif=./sarif=b"], [("text", "-"), ("sarif", "./sarif=b")], id="a path like an output"),
        pytest.param(None, ["json=/dev/null", "sarif=/dev/null"], [("text", "-"), ("json", "/dev/null"), ("sarif", "/dev/null")], id="a device takes all"),
    ],
)  # fmt: skip
def test_what_goes_where(format_name: str | None, outputs: list[str], targets: list[tuple[str, str]]) -> None:
    assert parse_targets(format_name, outputs) == tuple(Target(*target) for target in targets)


def test_what_is_fixed_from_standard_input_has_standard_output_for_itself() -> None:
    assert parse_targets(None, [], fixes_input=True) == (Target("text", STANDARD_ERROR),)
    assert parse_targets(None, ["json=a"], fixes_input=True) == (Target("text", STANDARD_ERROR), Target("json", "a"))
    assert parse_targets(None, ["a"], fixes_input=True) == (Target("text", "a"),)


ONE_FILE = "two outputs are for one file\n  one would overwrite the other: {}\n  help: give each its own"


@pytest.mark.parametrize(
    ("format_name", "outputs", "message"),
    [
        pytest.param(None, ["sarf=a"], f'error: --output: unknown format "sarf"\n  the formats are: {", ".join(FORMATS)}\n  help: did you mean "sarif"? For a file of this name write ./sarf=a', id="mistyped"),
        pytest.param(None, ["a=b"], f'error: --output: unknown format "a"\n  the formats are: {", ".join(FORMATS)}\n  help: For a file of this name write ./a=b', id="a file with an equals sign"),
        pytest.param(None, ["JSON=b"], f'error: --output: unknown format "JSON"\n  the formats are: {", ".join(FORMATS)}\n  help: For a file of this name write ./JSON=b', id="in capitals"),
        pytest.param(None, ["sarif="], 'error: --output "sarif=" names no file\n  it takes FILE or FORMAT=FILE', id="no file"),
        pytest.param(None, [""], 'error: --output "" names no file\n  it takes FILE or FORMAT=FILE', id="nothing"),
        pytest.param(None, ["a", "sarif=a"], f"a: error: {ONE_FILE.format('text and sarif')}", id="one file"),
        pytest.param(None, ["a", "b/../a"], f"b/../a: error: {ONE_FILE.format('text and text')}", id="by two names"),
        pytest.param(None, ["json=old", "sarif=link"], f"link: error: {ONE_FILE.format('json and sarif')}", id="by a link"),
        pytest.param(None, ["json=old", "sarif=hard"], f"hard: error: {ONE_FILE.format('json and sarif')}", id="by a hard link"),
        pytest.param("text", ["sarif=-"], "error: two outputs are for standard output\n  they would be mixed up: text and sarif\n  help: give one a file: --output sarif=FILE", id="standard output"),
        pytest.param(None, ["json=-", "-"], "error: two outputs are for standard output\n  they would be mixed up: json and text\n  help: give one a file: --output text=FILE", id="standard output, by a hyphen"),
        pytest.param(None, ["x=a", "json=b", "y=c", "b"], f'error: --output: unknown format "x"\n  the formats are: {", ".join(FORMATS)}\n  help: For a file of this name write ./x=a\nerror: --output: unknown format "y"\n  the formats are: {", ".join(FORMATS)}\n  help: For a file of this name write ./y=c\nb: error: {ONE_FILE.format("json and text")}', id="all mistakes at once"),
    ],
)  # fmt: skip
def test_what_is_refused(format_name: str | None, outputs: list[str], message: str) -> None:
    Path("b").mkdir()
    Path("b").rmdir()
    Path("old").write_text("")
    Path("link").symlink_to("old")
    os.link("old", "hard")
    with pytest.raises(UserError) as caught:
        parse_targets(format_name, outputs)
    assert str(caught.value) == message


@pytest.mark.parametrize("arguments", [["-o", "-"], ["-o", "json=-"]], ids=str)
def test_standard_output_is_not_for_reports_when_the_fixed_file_goes_there(arguments: list[str]) -> None:
    assert run("check", "--fix", "-", *arguments, stdin=BAD) == (
        2,
        "",
        "layerlint: error: --output goes to standard output\n  --fix prints the fixed file there\n  help: name a file\n",
    )


def test_every_format_in_one_run_is_what_it_is_alone() -> None:
    write("a/Dockerfile")
    write("b/é.dockerfile", BROKEN + "RUN pip install b\n")
    alone = {name: run("check", "--format", name) for name in FORMATS}
    outputs = [argument for name in FORMATS for argument in ("--output", f"{name}=out.{name}")]
    status, printed, errors = run("check", "--quiet", *outputs)
    assert (status, errors) == (2, "")
    assert printed.startswith("a/Dockerfile:2:5: warning PIP001 ")
    quiet = run("check", "--format", "text", "--quiet")[1]
    assert printed == quiet
    for name in FORMATS:
        expected = quiet if name == "text" else alone[name][1]
        assert Path(f"out.{name}").read_text(encoding="utf-8") == expected, name


def test_a_report_of_its_own_while_fixing() -> None:
    write("Dockerfile")
    status, printed, errors = run("check", "--fix", "-o", "json=out", "-o", "sarif=out.sarif")
    assert (status, printed, errors) == (0, "Fixed 1 finding. All clear: 1 file, nothing left in a layer.\n", "")
    assert json.loads(Path("out").read_text())["summary"]["fixed"] == 1
    assert Path("Dockerfile").read_text() == FIXED


def test_fixing_standard_input_with_a_report_in_a_file() -> None:
    status, printed, errors = run("check", "--fix", "-", "-o", "json=out", stdin=BAD)
    assert (status, printed) == (0, FIXED)
    assert errors == "Fixed 1 finding. All clear: 1 file, nothing left in a layer.\n"
    assert json.loads(Path("out").read_text())["summary"]["fixed"] == 1


def test_a_patch_beside_a_report() -> None:
    write("Dockerfile")
    write("b/Dockerfile", BROKEN)
    patch = run("check", "--diff")[1]
    text = run("check")
    assert run("check", "-o", "patch=out.patch") == text
    assert Path("out.patch").read_text() == patch
    assert run("check", "--diff", "-o", "text=out") == (2, patch, "")
    assert Path("out").read_text() == text[1]
    assert Path("Dockerfile").read_text() == BAD


@pytest.mark.parametrize("arguments", [["--format", "patch"], ["-o", "patch=a"]], ids=str)
def test_a_patch_of_what_is_being_fixed_is_refused(arguments: list[str]) -> None:
    write("Dockerfile")
    assert run("check", "--fix", *arguments) == (
        2,
        "",
        "layerlint: error: --fix and the format patch exclude each other\n"
        "  one writes what the other only shows\n  help: leave one out\n",
    )
    assert Path("Dockerfile").read_text() == BAD


@pytest.mark.parametrize("name", ["Dockerfile", "link", "hard"])
def test_no_output_takes_the_place_of_an_input(name: str) -> None:
    write("Dockerfile")
    Path("link").symlink_to("Dockerfile")
    os.link("Dockerfile", "hard")
    status, printed, errors = run("check", "-o", "json=out", "-o", f"sarif={name}")
    assert (status, printed) == (2, "")
    assert errors == (
        f"{name}: error: the output is one of the inputs\n"
        "  this file is to be checked, and the output would take its place\n  help: give another --output\n"
    )
    assert (Path("Dockerfile").read_text(), Path("out").exists()) == (BAD, False)


def test_nothing_is_written_when_one_file_cannot_be() -> None:
    write("Dockerfile")
    status, printed, errors = run("check", "-o", "json=out", "-o", "sarif=nope/out")
    assert (status, printed) == (2, "")
    assert errors == "nope/out: error: the output cannot be written\n  there is no such file or folder\n"
    assert sorted(path.name for path in Path().iterdir()) == ["Dockerfile"]


def test_a_full_disk_leaves_no_report_that_looks_whole() -> None:
    write("Dockerfile")
    status, _, errors = run("check", "-o", "json=out", "-o", "sarif=/dev/full")
    assert (status, errors) == (2, "/dev/full: error: the output cannot be written\n  no space left on device\n")
    assert sorted(path.name for path in Path().iterdir()) == ["Dockerfile"]
