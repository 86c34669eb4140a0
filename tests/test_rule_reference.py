"""The rule reference is what the rules and classes say, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from layerlint.rules import model
from tests.language_prose import PLACES
from tests.program import run, write
from tests.rule_reference import COMMAND, DOCS, pages

PAGES = pages()


def test_there_is_a_page_for_each_pack_and_no_other() -> None:
    assert set(DOCS.rglob("*.md")) == set(PAGES), f"run: {COMMAND}"


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: path.name)
def test_a_page_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], f"run: {COMMAND}"


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", PAGES[path]):
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if target.is_dir() and not anchor:
            continue
        assert target in PAGES
        headings = re.findall(r"^#+ (.+)$", PAGES[target], re.MULTILINE)
        assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_every_place_is_described_and_no_other() -> None:
    assert tuple(PLACES) == get_args(model.Place)


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the files of the page on package managers in it."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", PAGES[DOCS / "tool-language.md"], re.MULTILINE | re.DOTALL)
    assert [name for name, _ in blocks] == ["parcel.yaml", "PRC001.yaml", "programs.yaml", "images.yaml"]
    for name, text in blocks:
        write(f"rules/{name}", text)
    return tmp_path


def test_the_package_manager_that_the_page_describes_is_found_and_mended(
    described: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (commands,) = re.findall(r"^```sh\n(.*?)^```$", PAGES[DOCS / "tool-language.md"], re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(described / "rules")
    write("Dockerfile", "FROM debian:13-slim\nRUN parcel get box\n")
    tested, checked = (run(*line.split()[1:]) for line in commands.splitlines())
    assert (tested[0], tested[1].splitlines()[-1]) == (0, "1 rule, 3 examples: 3 as expected.")
    assert checked[0] == 1
    assert "PRC001 `parcel get` leaves parcel's store in this layer, in /root/.parcel/store" in checked[1]


@pytest.mark.parametrize(
    ("lines", "directory"),
    [
        pytest.param("FROM a\nRUN parcel get x", "/root/.parcel/store", id="root's"),
        pytest.param(
            "FROM a\nRUN mkuser --home /srv/b --id 7 b\nRUN as-builder -u b parcel get x",
            "/srv/b/.parcel/store",
            id="a user who is made, and a program that starts it",
        ),
        pytest.param("FROM a\nRUN as-builder parcel get x", "/home/builder/.parcel/store", id="the user unless said"),
        pytest.param("FROM a\nRUN parcel get x && wipe -r ~/.parcel", None, id="a program that removes it"),
        pytest.param("FROM a\nRUN parcel get x && wipe ~/.parcel", "/root/.parcel/store", id="and does not"),
        pytest.param("FROM registry.example/team/b:1\nRUN parcel get x", "/srv/store", id="an image"),
    ],
)
@pytest.mark.usefixtures("described")
def test_the_programs_and_images_that_the_page_describes(lines: str, directory: str | None) -> None:
    write("Dockerfile", f"{lines}\n")
    status, output, errors = run("check", "--rules", "rules", "--select", "PRC", "--quiet")
    assert (status, errors) == (int(directory is not None), "")
    assert output.rstrip("\n").endswith(f"in this layer, in {directory}" if directory else "")
