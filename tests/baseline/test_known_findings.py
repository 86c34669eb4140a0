"""What is in the baseline is left out, in every format, and is not fixed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from layerlint.reporters import FORMATS
from tests.baseline.runs import CLEAN, entries, new
from tests.program import BAD, FIXED, run, write

# What stands in each format for a finding on a line.
OF_LINE = {
    "text": "Dockerfile:{}:5: warning",
    "json": '"line": {}, "column": 5, "end_line"',
    "sarif": '"startLine": {}, "startColumn": 5',
    "github": "line={},",
    "patch": "-RUN pip install {}\n",
    "gitlab": '"begin": {}}}',
    "checkstyle": '<error line="{}"',
    "junit": ">Dockerfile:{}:5: warning",
    "markdown": "| `Dockerfile:{}` |",
}


class TestKnownFindings:
    @pytest.mark.parametrize(
        ("after", "left"),
        [
            pytest.param(BAD, [], id="nothing changed"),
            pytest.param("# a\n\n" + BAD, [], id="lines before it"),
            pytest.param(BAD.replace("RUN", "ENV a=b\nRUN") + "USER c\n", [], id="neighbours"),
            pytest.param(BAD.replace("RUN ", "RUN\t  "), [], id="white space"),
            pytest.param(BAD.replace("\n", "\r\n"), [], id="line endings"),
            pytest.param(BAD + "RUN pip install b\n", ["Dockerfile:3 PIP001"], id="another finding"),
            pytest.param(BAD + "RUN pip install a\n", ["Dockerfile:3 PIP001"], id="an equal finding, counted"),
            pytest.param(BAD * 3, ["Dockerfile:4 PIP001", "Dockerfile:6 PIP001"], id="two equal findings"),
            pytest.param(BAD.replace(" a", " b"), ["Dockerfile:2 PIP001"], id="its own line changed"),
        ],
    )
    def test_what_is_new(self, after: str, left: list[str]) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", after)
        status, _, _ = run("check", "--baseline", "base.json")
        found = json.loads(run("check", "--format", "json", "--baseline", "base.json")[1])["findings"]
        assert [f"{each['path']}:{each['line']} {each['rule']}" for each in found] == left
        assert status == bool(left)

    @pytest.mark.parametrize("folder", [".", "a", "a/b", "elsewhere"])
    @pytest.mark.parametrize("place", ["base.json", "a/base.json", "other/base.json"])
    def test_it_does_not_matter_where_layerlint_runs(
        self, place: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for path in ("a/b/Dockerfile", "a/Dockerfile"):
            write(path)
        for name in ("elsewhere", "other"):
            Path(name).mkdir()
        baseline = tmp_path / place
        run("check", "--write-baseline", place)
        paths = {"base.json": "a/b/Dockerfile", "a/base.json": "b/Dockerfile", "other/base.json": "../a/b/Dockerfile"}
        assert paths[place] in [entry["path"] for entry in entries(place)]
        monkeypatch.chdir(folder)
        for named in (str(baseline), os.path.relpath(baseline)):
            for target in (str(tmp_path), os.path.relpath(tmp_path), str(tmp_path / "a" / "b" / "Dockerfile")):
                assert run("check", "-q", "--baseline", named, target) == (0, "", "")

    def test_a_link_on_the_way_does_not_matter(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write("real/a/Dockerfile")
        Path("link").symlink_to("real")
        run("check", "real", "--write-baseline", "real/base.json")
        monkeypatch.chdir("link")
        for baseline in ("base.json", "../link/base.json", str(tmp_path / "real" / "base.json")):
            assert run("check", "-q", "--baseline", baseline) == (0, "", "")

    @pytest.mark.parametrize("name", ["é", "a b", "\udcff", "line\nfeed", '"quoted\\', "\u202e"])
    def test_names_that_are_hard_to_write(self, name: str) -> None:
        write(f"{name}/Dockerfile")
        run("check", "--write-baseline", "base.json")
        written = Path("base.json").read_text()
        assert written.isascii() or name == "é"
        assert written.count("\n") == 6
        assert new() == (0, [])

    def test_every_format_leaves_them_out(self) -> None:
        write("Dockerfile", "FROM python:3.12\nRUN pip install 2\n")
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", "FROM python:3.12\nRUN pip install 2\nRUN pip install 3\n")
        assert sorted(OF_LINE) == sorted(FORMATS)
        without = {format_name: run("check", "--format", format_name)[1] for format_name in OF_LINE}
        for format_name, of_line in OF_LINE.items():
            status, output, errors = run("check", "--format", format_name, "--baseline", "base.json")
            assert (status, errors) == (1, "")
            old, new = (of_line.format(line) for line in (2, 3))
            assert old in without[format_name]
            assert (old in output, new in output) == (False, True)

    def test_the_summary_says_how_many(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", BAD + "RUN pip install new\n")
        summary = run("check", "--baseline", "base.json")[1].splitlines()[-1]
        assert summary == ("1 finding in 1 file (1 warning). 1 fixable with --fix. 1 finding in the baseline.")

    def test_standard_input_is_known_by_its_name(self) -> None:
        write("a/Dockerfile")
        run("check", "--write-baseline", "base.json")
        arguments = ("check", "-q", "--baseline", "base.json", "-", "--stdin-filename")
        assert run(*arguments, "a/Dockerfile", stdin=BAD) == (0, "", "")
        assert run(*arguments, "a/Dockerfile", stdin=CLEAN) == (0, "", "")
        assert run(*arguments, "b/Dockerfile", stdin=BAD)[0] == 1

    def test_a_comment_silences_what_the_baseline_has_and_is_used(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", BAD.replace("RUN", "# layerlint: ignore=PIP001\nRUN"))
        status, output, errors = run("check", "--baseline", "base.json")
        assert (status, output) == (0, "All clear: 1 file, nothing left in a layer.\n")
        assert errors.startswith("layerlint: base.json has 1 finding that is gone; ")

    def test_a_comment_that_silences_nothing_may_be_in_the_baseline(self) -> None:
        write("Dockerfile", FIXED.replace("RUN", "# layerlint: ignore=PIP001\nRUN"))
        run("check", "--write-baseline", "base.json")
        assert [entry["rule"] for entry in entries()] == ["LL001"]
        assert new() == (0, [])


class TestFixing:
    def test_what_is_not_reported_is_not_fixed(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        old_and_new = BAD + "RUN pip install b\n"
        fixed = BAD + "RUN pip install --no-cache-dir b\n"
        write("Dockerfile", old_and_new)
        patch = run("check", "--diff", "--baseline", "base.json")[1]
        assert "-RUN pip install b\n+RUN pip install --no-cache-dir b\n" in patch
        assert patch.count("\n+") == 2
        assert run("check", "--fix", "--baseline", "base.json") == (
            0,
            "Fixed 1 finding. Nothing new in 1 file. 1 finding in the baseline.\n",
            "",
        )
        assert Path("Dockerfile").read_text() == fixed
        run("check", "--fix")
        assert "RUN pip install a" not in Path("Dockerfile").read_text()

    def test_a_fix_that_touches_a_known_line_makes_it_new_as_any_change_does(self) -> None:
        write("Dockerfile", "FROM python:3.12\nRUN pip install a && pip install b\n")
        run("check", "--write-baseline", "base.json")
        first, _ = entries()
        write("base.json", json.dumps({"layerlint-baseline": 1, "findings": [first]}))
        assert new()[1] == ["Dockerfile:2 PIP001"]
        run("check", "--fix", "--baseline", "base.json")
        assert Path("Dockerfile").read_text().count("--no-cache-dir") == 2
        assert new("--quiet") == (0, [])
