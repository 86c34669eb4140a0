"""`--add-ignores`: comments that silence what is there, and change nothing else."""

# ruff: noqa: E501

from __future__ import annotations

import os
import re
import stat
import subprocess
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings

from layerlint.dockerfile.parser import parse
from layerlint.finding import FileReport, Finding, FixKind, InstructionPlace, Severity
from layerlint.linting import lint as real_lint
from layerlint.rules.selection import RuleNames
from layerlint.source.source import Source, encode
from layerlint.suppression.comments import suppress
from layerlint.suppression.ignore_comments import Commented, ignore_findings
from tests.dockerfile.buildkit import Reading, read_by_buildkit
from tests.dockerfile.generated import HEADS, LINES
from tests.fixed_files import RULES as RULES_THERE_ARE
from tests.fixed_files import selection
from tests.program import BAD, BROKEN, check, run, run_unprivileged, write
from tests.sample_rules import RULES

MOUNTED = "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir a\n"
WRITTEN = re.compile(r"[ \t]*# layerlint: ignore=TST001(?:,TST002)?\r?\n")


def lint(source: Source) -> FileReport:
    """Every instruction has a finding, each RUN two: more places than any rule speaks of. Nothing is an error."""
    dockerfile = parse(source)
    found = [
        Finding(rule, rule.lower(), Severity.WARNING, "bad", instruction.keyword_span, place)
        for instruction in dockerfile.instructions
        for place in [InstructionPlace(instruction.keyword, instruction.line, instruction.end_line, instruction.span)]
        for rule in (("TST001", "TST002") if instruction.keyword == "RUN" else ("TST001",))
    ]
    return FileReport(source.path, source, suppress(dockerfile, found, RuleNames(RULES), ())[0])


def commented(text: str) -> Commented:
    return ignore_findings(Source("Dockerfile", encode(text)), lint)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("USER a\n", "# layerlint: ignore=TST001\nUSER a\n", id="plain"),
        pytest.param("RUN a\n", "# layerlint: ignore=TST001,TST002\nRUN a\n", id="two rules"),
        pytest.param("USER a", "# layerlint: ignore=TST001\nUSER a", id="no last newline"),
        pytest.param("\n  \t USER a\n", "\n  \t # layerlint: ignore=TST001\n  \t USER a\n", id="indentation"),
        pytest.param("\u00a0USER a\n", "# layerlint: ignore=TST001\n\u00a0USER a\n", id="indentation that no editor makes"),
        pytest.param("\r\nUSER a\r\n", "\r\n# layerlint: ignore=TST001\r\nUSER a\r\n", id="CRLF"),
        pytest.param("\r\nUSER a", "\r\n# layerlint: ignore=TST001\r\nUSER a", id="CRLF, no last newline"),
        pytest.param("\r\nUSER a\n", "\r\n# layerlint: ignore=TST001\nUSER a\n", id="mixed line endings"),
        pytest.param("\ufeffUSER a\n", "\ufeff# layerlint: ignore=TST001\nUSER a\n", id="byte-order mark"),
        pytest.param("\n#\udcfe\nUSER \udcff\n", "\n#\udcfe\n# layerlint: ignore=TST001\nUSER \udcff\n", id="bytes that are no UTF-8"),
        pytest.param("# why\nUSER a\n", "# why\n# layerlint: ignore=TST001\nUSER a\n", id="below a comment"),
        pytest.param("# syntax=a\n# escape=`\nUSER a\n", "# syntax=a\n# escape=`\n# layerlint: ignore=TST001\nUSER a\n", id="below directives"),
        pytest.param("\ufeff# escape=`\r\nUSER a `\r\nb", "\ufeff# escape=`\r\n# layerlint: ignore=TST001\r\nUSER a `\r\nb", id="below a directive after a byte-order mark"),
        pytest.param(
            "RUN a \\\n  # c\n  b\nUSER c\n",
            "# layerlint: ignore=TST001,TST002\nRUN a \\\n  # c\n  b\n# layerlint: ignore=TST001\nUSER c\n",
            id="an instruction of several lines",
        ),
        pytest.param(
            "RUN <<EOF\nUSER b\n# c\nEOF\nUSER d\n",
            "# layerlint: ignore=TST001,TST002\nRUN <<EOF\nUSER b\n# c\nEOF\n# layerlint: ignore=TST001\nUSER d\n",
            id="a here-document that looks like instructions",
        ),
        pytest.param("# layerlint: ignore=TST001\nRUN a\n", "# layerlint: ignore=TST001,TST002\nRUN a\n", id="merged"),
        pytest.param("# layerlint: ignore=TST002\nRUN a\n", "# layerlint: ignore=TST002,TST001\nRUN a\n", id="merged behind"),
        pytest.param(
            "#layerlint:ignore = TST002 it must be\nRUN a\n",
            "#layerlint:ignore = TST002,TST001 it must be\nRUN a\n",
            id="merged before the reason",
        ),
        pytest.param("# layerlint: ignore=TST002,\nRUN a\n", "# layerlint: ignore=TST002,TST001,\nRUN a\n", id="merged before a comma"),
        pytest.param(
            "# layerlint: ignore=worse-word\n# c\n# hadolint ignore=DL1\nRUN a\n",
            "# layerlint: ignore=worse-word,TST001\n# c\n# hadolint ignore=DL1\nRUN a\n",
            id="merged further up, by name",
        ),
        pytest.param(
            "# layerlint: ignore=TST002 far\n# layerlint: ignore=TST100 near\nRUN a\n",
            "# layerlint: ignore=TST002 far\n# layerlint: ignore=TST100,TST001 near\nRUN a\n",
            id="merged into the nearest",
        ),
        pytest.param("# layerlint: ignore\nUSER a\n", "# layerlint: ignore=TST001\n# layerlint: ignore\nUSER a\n", id="nothing to merge into: no rule"),
        pytest.param("# layerlint: ignore-file=TST002\nRUN a\n", "# layerlint: ignore=TST001\n# layerlint: ignore-file=TST002\nRUN a\n", id="nothing to merge into: the file's"),
        pytest.param("# layerlint: ignore=TST002\n\nRUN a\n", "# layerlint: ignore=TST002\n\n# layerlint: ignore=TST001,TST002\nRUN a\n", id="nothing to merge into: a blank line between"),
        pytest.param("RUN a \\\n  # layerlint: ignore=TST002\n  b\n", "# layerlint: ignore=TST001\nRUN a \\\n  # layerlint: ignore=TST002\n  b\n", id="nothing to merge into: inside"),
        pytest.param("# hadolint ignore=DL1\nUSER a\n", "# layerlint: ignore=TST001\n# hadolint ignore=DL1\nUSER a\n", id="above what hadolint reads on the next line only"),
        pytest.param(
            "# syntax=a\n# c\n# tally ignore=b\n# shellcheck disable=c\nUSER a\n",
            "# syntax=a\n# c\n# layerlint: ignore=TST001\n# tally ignore=b\n# shellcheck disable=c\nUSER a\n",
            id="above what others read on the next line only",
        ),
        pytest.param("# hadolint ignore=DL1\n# c\nUSER a\n", "# hadolint ignore=DL1\n# c\n# layerlint: ignore=TST001\nUSER a\n", id="below what is not about the next line"),
        pytest.param("# syntax=a\n# check=skip=all\nUSER a\n", "# syntax=a\n# check=skip=all\n# layerlint: ignore=TST001\nUSER a\n", id="a directive is no comment of a linter"),
        pytest.param("ONBUILD RUN a\n", "# layerlint: ignore=TST001\nONBUILD RUN a\n", id="ONBUILD"),
        pytest.param("# layerlint: ignore-file=TST001\nUSER a\n", "# layerlint: ignore-file=TST001\nUSER a\n", id="silenced already"),
        pytest.param("", "", id="nothing there"),
    ],
)  # fmt: skip
def test_where_a_comment_comes(before: str, after: str) -> None:
    result = commented(before)
    assert result.source.data == encode(after)
    assert result.report.findings == ()
    assert bool(result.report.comments) == (before != after)


@settings(max_examples=300)
@given(HEADS, LINES)
@example("", ["RUN <<E\n", "E"])
def test_nothing_is_left_and_a_build_reads_the_same(head: str, lines: list[str]) -> None:
    before = head + "".join(lines)
    result = commented(before)
    after = result.source.data.decode()
    assert result.report.findings == ()
    # Only whole lines came, or ids to comments that were there.
    assert WRITTEN.sub("", after) == WRITTEN.sub("", before)
    assert without_lines(after) == without_lines(before)
    assert after.startswith("\ufeff") == before.startswith("\ufeff")
    assert after.endswith("\n") == before.endswith("\n") or not before
    again = commented(after)
    assert (again.source.data.decode(), again.report.comments) == (after, 0)


def without_lines(text: str) -> list[Reading] | None:
    """What BuildKit reads, wherever it stands."""
    readings = read_by_buildkit(text.encode())
    return readings and [reading._replace(start_line=0, end_line=0) for reading in readings]


@pytest.mark.corpus
def test_the_corpus_is_silenced_and_built_the_same(corpus: list[Path]) -> None:
    chosen = selection(FixKind.FLAG)
    silenced = 0

    @cache
    def linted(source: Source) -> FileReport:
        return real_lint(source, RULES_THERE_ARE, chosen)

    for path in corpus:
        source = Source(path.name, path.read_bytes())
        result = ignore_findings(source, linted)
        before = linted(source)
        if before.errors or not before.findings:
            assert result.source.data == source.data, path
            continue
        silenced += 1
        assert {finding.rule for finding in result.report.findings} <= {"LL001"}, path
        assert ignore_findings(result.source, linted).source.data == result.source.data, path
        try:
            texts = source.data.decode(), result.source.data.decode()
        except UnicodeDecodeError:
            continue
        assert without_lines(texts[0]) == without_lines(texts[1]), path
        linted.cache_clear()
    assert silenced > len(corpus) / 3


class TestCommandLine:
    @pytest.fixture(autouse=True)
    def _in_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def test_the_comments_are_written_and_counted(self) -> None:
        write("Dockerfile", BAD + "RUN pip install b; pip install c\n")
        write("a/Dockerfile", MOUNTED)
        assert run("check", "--add-ignores") == (
            0,
            "Wrote 3 comments. All clear: 2 files, nothing left in a layer.\n",
            "",
        )
        assert Path("Dockerfile").read_text() == (
            "FROM python:3.12\n"
            "# layerlint: ignore=PIP001\nRUN pip install a\n"
            "# layerlint: ignore=PIP001\nRUN pip install b; pip install c\n"
        )
        assert Path("a/Dockerfile").read_text().splitlines()[1] == "# layerlint: ignore=PIP002"
        assert run("check") == (0, "All clear: 2 files, nothing left in a layer.\n", "")
        os.utime("Dockerfile", (1, 1))
        assert run("check", "--add-ignores") == (0, "All clear: 2 files, nothing left in a layer.\n", "")
        assert Path("Dockerfile").stat().st_mtime == 1

    def test_only_the_rules_that_are_asked(self) -> None:
        write("Dockerfile", BAD + MOUNTED.partition("\n")[2])
        run("check", "--select", "PIP002", "--add-ignores")
        assert check()[1] == ["Dockerfile:2 warning PIP001"]

    def test_only_what_no_baseline_has(self) -> None:
        write("Dockerfile")
        run("check", "--write-baseline", "base.json")
        write("Dockerfile", BAD + "RUN pip install b\n")
        assert run("check", "--add-ignores", "--baseline", "base.json")[0] == 0
        assert Path("Dockerfile").read_text() == BAD + "# layerlint: ignore=PIP001\nRUN pip install b\n"

    def test_a_comment_too_many_is_left_and_said(self) -> None:
        text = BAD + "# layerlint: ignore=PIP004\nUSER a\n"
        write("Dockerfile", text)
        status, output, errors = run("check", "--add-ignores", "--fail-on", "info")
        assert (status, errors) == (1, "")
        assert "Dockerfile:4:21: info LL001 this suppression of PIP004 suppresses nothing" in output
        assert "   = no fix: it is about a comment, and no comment is written for that\n" in output
        assert output.endswith("Wrote 1 comment. 1 finding left in 1 file (1 info).\n")
        assert Path("Dockerfile").read_text() == text.replace("RUN", "# layerlint: ignore=PIP001\nRUN")

    def test_a_file_with_errors_is_left_and_said(self) -> None:
        write("Dockerfile", BAD + "WRONG\n")
        status, output, _ = run("check", "--add-ignores")
        assert status == 2
        assert "no fix: the file has errors, and is only fixed once they are mended" in output
        assert Path("Dockerfile").read_text() == BAD + "WRONG\n"

    def test_the_diff_is_what_is_written_and_git_takes_it(self) -> None:
        texts = {
            "Dockerfile": BAD,
            "é/a b.dockerfile": "\ufeff" + BAD.replace("\n", "\r\n") + "RUN pip install \\\r\n  b",
            "m/Dockerfile": MOUNTED,
            "x/Dockerfile": BROKEN,
        }
        for path, text in texts.items():
            write(path, text)
        subprocess.run(["git", "init", "-q"], check=True)
        status, patch, errors = run("check", "--add-ignores", "--diff")
        assert (status, errors) == (2, "x/Dockerfile:2:1: error: There is no instruction `WRONG`.\n")
        assert {path: Path(path).read_bytes().decode() for path in texts} == texts
        Path("changes").write_bytes(patch.encode())
        subprocess.run(["git", "apply", "--whitespace=nowarn", "changes"], check=True)
        applied = {path: Path(path).read_bytes().decode() for path in texts}
        for path, text in texts.items():
            write(path, text)
        run("check", "--add-ignores")
        assert {path: Path(path).read_bytes().decode() for path in texts} == applied
        assert [path for path in texts if texts[path] == applied[path]] == ["x/Dockerfile"]

    def test_standard_input_comes_back_with_comments(self) -> None:
        assert run("check", "--add-ignores", "-", stdin=BAD.replace("\n", "\r\n")) == (
            0,
            "FROM python:3.12\r\n# layerlint: ignore=PIP001\r\nRUN pip install a\r\n",
            "Wrote 1 comment. All clear: 1 file, nothing left in a layer.\n",
        )

    def test_mode_and_links_stay(self) -> None:
        write("real/file")
        Path("real/file").chmod(0o640)
        Path("Dockerfile").symlink_to("real/file")
        assert run("check", "--add-ignores")[0] == 0
        assert Path("Dockerfile").is_symlink()
        assert stat.S_IMODE(Path("real/file").stat().st_mode) == 0o640
        assert "# layerlint" in Path("real/file").read_text()

    def test_a_file_that_cannot_be_written_is_an_error_and_its_findings_are_still_there(self) -> None:
        write("Dockerfile")
        Path("Dockerfile").chmod(0o444)
        status, output, _ = run_unprivileged("check", "--add-ignores")
        assert status == 2
        assert output.startswith(
            "Dockerfile: error: the file with comments was not written: the file is read-only\n\nDockerfile:2:5: warning PIP001 "
        )
        assert Path("Dockerfile").read_text() == BAD

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_many_files(self, jobs: str) -> None:
        for number in range(30):
            write(f"{number}/Dockerfile")
        assert run("check", "--add-ignores", "--jobs", jobs)[1].startswith("Wrote 30 comments. All clear: 30 files")
