"""Rules that installed packages bring."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from layerlint.rules.files.packages import offered
from tests.program import run, write
from tests.rules.bad_rules import RULE
from tests.scratch import copy_project, fresh_python
from tests.scratch import run as run_in

TEXT = "FROM a:3.1\nRUN make -k\n"
FOUND = "Dockerfile:2:10: warning ABC001 `make` has -k\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that packages are installed in; the current one has a Dockerfile."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site")])
    write("Dockerfile", TEXT)
    return tmp_path / "site"


def install(site: Path, name: str, value: str, files: dict[str, str]) -> None:
    write(str(site / f"{name}-1.0.dist-info" / "entry_points.txt"), f"[other]\nx = y\n\n[layerlint.rules]\n{value}\n")
    for path, text in files.items():
        write(str(site / path), text)


def test_they_are_used_when_they_are_asked_for(site: Path) -> None:
    code = "raise RuntimeError('nothing of it is run')\n"
    install(site, "acme", "acme = acme.rules", {"acme/rules/one.yaml": RULE, "acme/__init__.py": code})
    assert run("check", "-q", "--rules", "package:acme") == (1, FOUND, "")
    assert run("check", "-q")[0] == 0, "being installed is not enough"
    assert "ABC001" in run("rules", "--rules", "package:acme")[1]
    assert "ABC001 as expected" in run("rules", "test", "package:acme")[1]
    write(".layerlint.yaml", "rules: ['package:acme']\n")
    assert run("check", "-q") == (1, FOUND, "")
    write(".layerlint.yaml", "rules: ['package:acne']\n")
    assert run("check")[2].startswith('.layerlint.yaml:1:9: error: no installed package offers rules as "acne"\n')


def test_a_package_that_is_somewhere_else_is_found_as_an_import_finds_it(site: Path, tmp_path: Path) -> None:
    install(site, "acme", "acme = acme_rules", {})
    write(str(tmp_path / "elsewhere" / "acme_rules" / "one.yaml"), RULE)
    sys.path.append(str(tmp_path / "elsewhere"))  # as an editable installation does; the fixture takes it away
    assert run("check", "-q", "--rules", "package:acme") == (1, FOUND, "")


def test_an_id_that_two_have_is_an_error_that_names_both(site: Path) -> None:
    install(site, "acme", "acme = acme", {"acme/one.yaml": RULE})
    write("mine.yaml", RULE.replace("a-rule", "b-rule"))
    status, output, errors = run("check", "--rules", "package:acme", "--rules", "mine.yaml")
    assert (status, output) == (2, "")
    one = (site / "acme" / "one.yaml").as_posix()
    assert errors == f'mine.yaml:1:5: error: id "ABC001" is taken\n  {one} has it too\n  help: choose another one\n'


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param("acm", 'no installed package offers rules as "acm"', id="nobody offers them"),
        pytest.param("acm", 'help: did you mean "package:acme"?', id="and what is near"),
        pytest.param("xyz", "installed are: acme, away, code, twice", id="and what there is"),
        pytest.param("twice", 'several packages offer rules as "twice"', id="two offer them"),
        pytest.param("twice", "one-1.0.dist-info/entry_points.txt says one", id="and who"),
        pytest.param("away", "says acme.nowhere, which is no folder that is installed", id="they are not there"),
        pytest.param("code", "says acme:rules, which is no folder", id="the value is code"),
    ],
)
def test_what_is_wrong_is_said(site: Path, asked: str, said: str) -> None:
    install(site, "acme", "acme = acme\naway = acme.nowhere\ncode = acme:rules", {"acme/one.yaml": RULE})
    install(site, "one", "twice = one", {})
    install(site, "two", "twice = two", {})
    status, output, errors = run("check", "--rules", f"package:{asked}")
    assert (status, output) == (2, "")
    assert said in errors


def test_without_any_that_is_said(site: Path) -> None:
    install(site, "acme", "", {})
    errors = run("check", "--rules", "package:acme")[2]
    assert "no installed package offers any\n  help: install it for " in errors


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[layerlint.rules]\na=b\n", ["a b"], id="without spaces"),
        pytest.param("[ layerlint.rules ]\n a name  =  b.c \n# d = e\n", ["a name b.c"], id="spaces and comments"),
        pytest.param("[layerlint.rules]\na = b\n[x]\nc = d\n", ["a b"], id="other groups"),
        pytest.param("[layerlint.rules.more]\na = b\n", [], id="a longer name"),
        pytest.param("layerlint.rules = a\n", [], id="no group"),
        pytest.param("[layerlint.rules\n= \na\n", [], id="broken"),
    ],
)
def test_metadata_is_read_as_it_is_specified(text: str, expected: list[str], tmp_path: Path) -> None:
    write(str(tmp_path / "a-1.dist-info" / "entry_points.txt"), text)
    assert [f"{pack.name} {pack.module}" for pack in offered([str(tmp_path), str(tmp_path), "nowhere"])] == expected


@pytest.mark.network
def test_a_wheel_that_is_installed(tmp_path: Path) -> None:
    wheel = tmp_path / "acme_rules-1.0-py3-none-any.whl"
    information = "acme_rules-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("acme_rules/one.yaml", RULE)
        archive.writestr(f"{information}/METADATA", "Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n")
        archive.writestr(f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{information}/entry_points.txt", "[layerlint.rules]\nacme = acme_rules\n")
        archive.writestr(f"{information}/RECORD", "")
    programs = fresh_python(tmp_path / "environment", [copy_project(tmp_path / "project"), wheel])
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "Dockerfile").write_text(TEXT)
    done = run_in(programs / "layerlint", "check", "-q", "--rules", "package:acme", cwd=folder)
    assert (done.returncode, done.stdout) == (1, FOUND)
