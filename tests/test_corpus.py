"""Every file of the corpus, linted and fixed as a user would do it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from layerlint.finding import FileReport, FixKind
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.selection import select
from layerlint.run.check import CheckOptions, check
from layerlint.source.source import Source, Span
from tests.fixed_files import assert_fixed_well, assert_same_but_for_the_meant_words


def reports(paths: list[Path]) -> Iterator[FileReport]:
    rules = load()
    selection = select(rules.names, ())
    return (lint(Source(path.name, path.read_bytes()), rules, selection) for path in paths)


def test_every_file_is_linted_and_every_place_lies_in_it(corpus: list[Path]) -> None:
    findings = 0
    for path, report in zip(corpus, reports(corpus), strict=True):
        source = report.source
        assert source is not None
        whole = Span(0, len(source.data))
        for finding in report.findings:
            findings += 1
            places = [finding.span, *(related.span for related in finding.related)]
            if finding.instruction is not None:
                assert finding.instruction.span.covers(finding.span), (path, finding)
                places.append(finding.instruction.span)
            for span in places:
                assert whole.covers(span), (path, finding)
                assert source.text(span).strip(), (path, finding)
            assert source.text(finding.span) == source.text(finding.span).strip(), (path, finding)
            for edit in (edit for fix in finding.fixes for edit in fix.edits):
                assert whole.covers(Span(edit.start, edit.end)), (path, finding)
            assert finding.message, (path, finding)
        for error in report.errors:
            assert 1 <= error.line <= len(source.line_starts) + 1, (path, error)
            assert "internal error" not in error.message, (path, error)
    assert findings > len(corpus) / 2


@pytest.mark.corpus
@pytest.mark.parametrize("fix_with", FixKind)
def test_every_file_is_fixed_well_in_each_way(corpus: list[Path], fix_with: FixKind) -> None:
    applied = changed = 0
    for path in corpus:
        source = Source(path.name, path.read_bytes())
        result = assert_fixed_well(source, fix_with, unsafe=True)
        applied += len(result.applied)
        changed += result.source.data != source.data
    assert applied > len(corpus)
    assert changed > len(corpus) / 2


@pytest.mark.corpus
def test_the_corpus_is_fixed_and_stays_the_same_otherwise(
    corpus: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    patch = tmp_path / "fixes.patch"
    for folder in ("patched", "fixed"):
        for number, path in enumerate(corpus):
            write(f"{folder}/{number:05}.Dockerfile", path.read_bytes())
        for number, path in enumerate(corpus[::10]):
            unix = path.read_bytes().replace(b"\r\n", b"\n")
            write(f"{folder}/with space/{number}.Dockerfile", unix.rstrip(b"\n"))
            write(f"{folder}/CRLF é 日本/{number}.Dockerfile", unix.replace(b"\n", b"\r\n"))
    before = contents("fixed")

    monkeypatch.chdir("patched")
    check(CheckOptions(mode="diff", outputs=(str(patch),), isolated=True))
    run("git", "apply", "--check", patch)
    run("patch", "-p1", "--dry-run", "--quiet", "-i", patch)
    run("git", "apply", "--whitespace=nowarn", patch)

    monkeypatch.chdir(tmp_path / "fixed")
    fix = CheckOptions(mode="fix", outputs=(str(tmp_path / "output"),), isolated=True)
    check(fix)
    monkeypatch.chdir(tmp_path)
    after = contents("fixed")
    assert contents("patched") == after, "the patch does what --fix does"

    assert after != before
    for name, data in before.items():
        assert_same_but_for_the_meant_words(data, after[name])

    monkeypatch.chdir("fixed")
    check(replace(fix, format="json"))
    monkeypatch.chdir(tmp_path)
    assert contents("fixed") == after, "fixing again changes no byte"
    report = json.loads((tmp_path / "output").read_text())
    not_touched = {error["path"] for error in report["errors"]}
    left = [found for found in report["findings"] if found["fixes"] and found["path"] not in not_touched]
    assert (left, report["summary"]["fixed"]) == ([], 0)


def run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def write(path: str, data: bytes) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(data)


def contents(folder: str) -> dict[str, bytes]:
    files = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
