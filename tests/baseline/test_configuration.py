"""A baseline that a configuration names."""

# ruff: noqa: ISC004

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import BROKEN, check, run, write


class TestConfiguration:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a/.layerlint.yaml", "baseline: in/base.json\n"),
            ("a/pyproject.toml", '[tool.layerlint]\nbaseline = "in/base.json"\n'),
        ],
    )
    def test_its_path_is_relative_to_the_configuration(self, name: str, content: str) -> None:
        write("a/b/Dockerfile")
        write("Dockerfile")
        Path("a/in").mkdir()
        run("check", "--write-baseline", "a/in/base.json")
        write(name, content)
        assert check() == (1, ["Dockerfile:2 warning PIP001"], {"files": 2, "findings": 1, "fixed": 0, "errors": 0})
        assert run("check", "-q", "--config", name) == (0, "", "")
        assert run("check", "-q", "--no-baseline", "a")[0] == 1
        assert run("check", "-q", "--isolated", "a")[0] == 1

    def test_the_command_line_is_stronger(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "full.json")
        write("empty.json", '{"layerlint-baseline": 1, "findings": []}')
        write(".layerlint.yaml", "baseline: full.json\n")
        assert run("check", "-q")[0] == 0
        assert run("check", "-q", "--baseline", "empty.json")[0] == 1

    def test_it_can_be_named_before_it_is_there(self) -> None:
        write("Dockerfile")
        write("a/.layerlint.yaml", "baseline: ../base.json\n")
        write("a/Dockerfile")
        assert run("check") == (
            2,
            "",
            "a/.layerlint.yaml:1:11: error: the baseline cannot be read\n"
            "  base.json: there is no such file or folder\n"
            "  help: write it: layerlint check --write-baseline base.json\n",
        )
        run("check", "--write-baseline", "base.json")
        assert run("check", "-q", "a") == (0, "", "")

    def test_all_mistakes_at_once(self) -> None:
        write("Dockerfile", BROKEN)
        write("a/Dockerfile")
        write(".layerlint.yaml", "baseline: none.json\nselect: [PIPP]\n")
        write("a/.layerlint.yaml", 'baseline: "a\\0b"\n')
        status, output, errors = run("check", "--ignore", "X")
        assert (status, output) == (2, "")
        assert [line for line in errors.splitlines() if "error:" in line] == [
            ".layerlint.yaml:1:11: error: the baseline cannot be read",
            "a/.layerlint.yaml:1:11: error: the baseline cannot be read",
            'layerlint: error: --ignore: unknown rule "X"',
            '.layerlint.yaml:2:10: error: unknown rule "PIPP"',
        ]
