"""A baseline that was merged, cut, or made by somebody with other plans."""

# ruff: noqa: E501

from __future__ import annotations

import json
from pathlib import Path

import pytest

from layerlint.baseline.file import Entry
from tests.baseline.runs import CLEAN, new
from tests.program import BROKEN, run, write

HOSTILE = [
    pytest.param(
        "",
        ":1:1: error: this is not JSON\n  Expecting value\n  help: mend it, or write it anew: {command}\n",
        id="empty",
    ),
    pytest.param(
        '{"layerlint-baseline": 1,\n<<<<<<< HEAD\n',
        ":2:1: error: this is not JSON\n  Expecting property name enclosed in double quotes\n"
        "  help: mend it, or write it anew: {command}\n",
        id="a merge that was not finished",
    ),
    pytest.param(
        b"\xff\xfe{",
        ": error: the baseline is not UTF-8\n  byte 1 is not part of any character\n"
        "  help: mend it, or write it anew: {command}\n",
        id="not UTF-8",
    ),
    pytest.param(
        '{"version": 1, "findings": []}',
        ': error: this is not a baseline\n  the key "layerlint-baseline" is missing\n  help: write one: {command}\n',
        id="a report",
    ),
    pytest.param(
        "[]",
        ': error: this is not a baseline\n  the key "layerlint-baseline" is missing\n  help: write one: {command}\n',
        id="a list",
    ),
    *(
        pytest.param(
            f'{{"layerlint-baseline": {version}, "findings": []}}',
            f": error: the baseline cannot be read\n  it has version {version}, and this layerlint reads version 1\n"
            "  help: use the layerlint that wrote it, or write it anew: {command}\n",
            id=f"version {version}",
        )
        for version in ("2", "true", "1.0", '"1"', "NaN", "null")
    ),
    pytest.param(
        '{"layerlint-baseline": 1}',
        ':1:1: error: missing key "findings"\n  it must be given\n  help: write it anew: {command}\n',
        id="no findings",
    ),
    pytest.param(
        '{"layerlint-baseline": 1, "findings": {}}',
        ':1:39: error: "findings" has the wrong type\n  it must be a list, and here is a mapping\n'
        "  help: write it anew: {command}\n",
        id="findings are no list",
    ),
    pytest.param(
        '{"layerlint-baseline": 1, "findings": [],\n"x": 1}',
        ':2:1: error: unknown key "x"\n  known keys: layerlint-baseline, findings\n  help: write it anew: {command}\n',
        id="unknown key",
    ),
    pytest.param(
        '{"layerlint-baseline": 1, "findings": [\n{"path": "a", "rule": 1, "fingerprint": "b"},\n{"path": "a", "rule": "b"}]}',
        ':2:23: error: "rule" has the wrong type\n  it must be text, and here is the number 1\n'
        "  help: write it anew: {command}\n"
        'base.json:3:1: error: missing key "fingerprint"\n  it must be given\n  help: write it anew: {command}\n',
        id="entries",
    ),
    pytest.param(
        "[" * 100_000,
        ": error: this is not a baseline\n  it is nested too deep, or a number in it is too long\n"
        "  help: mend it, or write it anew: {command}\n",
        id="deep",
    ),
    pytest.param(
        '{"layerlint-baseline": 1, "findings":\n' + "[" * 900 + "]" * 900 + "}",
        ":2:50: error: this is nested too deep\n  more than 50 lists and mappings in each other\n"
        "  help: write it anew: {command}\n",
        id="deep findings",
    ),
    pytest.param(
        '{"layerlint-baseline": ' + "[" * 900 + "]" * 900 + "}",
        ": error: the baseline cannot be read\n"
        "  it has version that is no number, and this layerlint reads version 1\n"
        "  help: use the layerlint that wrote it, or write it anew: {command}\n",
        id="a deep version",
    ),
    pytest.param(
        '{"layerlint-baseline": 1, "findings": [], "\\ud800": 1}',
        ": error: a key is no text\n  half of a character (a surrogate) stands in it\n"
        "  help: write it anew: {command}\n",
        id="a key with half of a character",
    ),
    pytest.param(
        '{"layerlint-baseline": 1, "findings": [{"path": "\\ud800", "rule": 1, "fingerprint": "a"}]}',
        ': error: "path" is no text\n  half of a character (a surrogate) stands in it\n'
        "  help: write it anew: {command}\n",
        id="a wrong entry with half of a character",
    ),
    pytest.param(
        '{"layerlint-baseline": ' + "1" * 5000 + "}",
        ": error: this is not a baseline\n  it is nested too deep, or a number in it is too long\n"
        "  help: mend it, or write it anew: {command}\n",
        id="a long number",
    ),
    pytest.param(
        b" " * (16 * 1024 * 1024 + 1),
        ": error: the baseline cannot be read\n  the file is larger than 16384 KiB\n"
        "  help: give the path of a file that --write-baseline wrote\n",
        id="too big",
    ),
]


class TestBrokenFiles:
    @pytest.mark.parametrize(("content", "message"), HOSTILE)
    def test_the_run_stops_before_any_file_is_read(self, content: str | bytes, message: str) -> None:
        write("Dockerfile", BROKEN)
        Path("base.json").write_bytes(content if isinstance(content, bytes) else content.encode())
        command = "layerlint check --write-baseline base.json"
        assert run("check", "--baseline", "base.json") == (2, "", "base.json" + message.format(command=command))

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            pytest.param(
                "no\x1b[31m.json",
                "no␛[31m.json: error: the baseline cannot be read\n  there is no such file or folder\n"
                "  help: write it: layerlint check --write-baseline 'no␛[31m.json'\n",
                id="not there",
            ),
            pytest.param(
                ".",
                ".: error: the baseline cannot be read\n  this is a folder, not a file\n"
                "  help: give the path of a file that --write-baseline wrote\n",
                id="a folder",
            ),
            pytest.param(
                "",
                "layerlint: error: the baseline cannot be read\n  this is a folder, not a file\n"
                "  help: give the path of a file that --write-baseline wrote\n",
                id="an empty name",
            ),
        ],
    )
    def test_a_path_that_leads_to_none(self, path: str, message: str) -> None:
        write("Dockerfile")
        assert run("check", "--baseline", path) == (2, "", message)

    def test_ten_mistakes_are_enough(self) -> None:
        write("base.json", json.dumps({"layerlint-baseline": 1, "findings": [1] * 1000}))
        assert run("check", "--baseline", "base.json")[2].count("error:") == 10

    @pytest.mark.parametrize(
        "path", ["\ud800", "\0", "", "/etc/none", "a/../../none", "\x1b[31m", "x" * 5000, "Dockerfile/below"], ids=ascii
    )
    def test_paths_that_no_file_has_are_gone_or_somebody_elses(self, path: str) -> None:
        write("Dockerfile", CLEAN)
        write("base.json", json.dumps({"layerlint-baseline": 1, "findings": [Entry(path, "PIP001", "x")._asdict()]}))
        status, output, errors = run("check", "--statistics", "--baseline", "base.json")
        assert (status, output) == (0, "All clear: 1 file, nothing left in a layer.\n")
        assert ("gone" in errors) == (path not in ("/etc/none", ""))
        assert "\x1b" not in errors

    def test_a_byte_order_mark_and_another_layout_are_read(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        content = json.loads(Path("base.json").read_text())
        Path("base.json").write_text("\ufeff" + json.dumps(content, indent=4).replace("\n", "\r\n"), encoding="utf-8")
        assert new() == (0, [])
