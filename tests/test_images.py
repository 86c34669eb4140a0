"""What a base image brings, from data: who is told, and what follows for a cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerlint.image.image_checks import wrong_in_image
from layerlint.image.images import Image, Images, ImageUser
from layerlint.rules.loading import load
from tests import program


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        pytest.param("python", True, id="the name"),
        pytest.param("python:3.12-slim", True, id="with a tag"),
        pytest.param("python@sha256:0", True, id="with a digest"),
        pytest.param("registry.example/python:3", True, id="from a registry"),
        pytest.param("localhost/python", True, id="from here"),
        pytest.param("registry:5000/python", True, id="from a port"),
        pytest.param("pythons", False, id="another name"),
        pytest.param("team/python", False, id="of somebody else"),
    ],
)
def test_an_image_is_found_by_its_repository(reference: str, *, found: bool) -> None:
    assert (Images([Image(names=("python",))]).find(reference) is not None) is found


def test_each_shipped_entry_has_a_source() -> None:
    images = load().images
    assert images
    assert all(image.source for image in images)


def test_the_first_that_matches_counts() -> None:
    images = Images([Image(names=("a*",), user="one"), Image(names=("ab",), user="two")])
    image = images.find("ab")
    assert image is not None
    assert image.user == "one"


WRONG = """\
images:
  - names: ["", "["]
    user: "a b"
    home: relative
    workdir: ~/x
    environment: {"": "1", "A=B": "c"}
    users: [{name: "a:b", home: x}]
  - names: []
    shell: []
"""
SAID = """\
2:13: error: "" is the name of no image
2:17: error: "[" is the name of no image
3:11: error: "a b" is no user
4:11: error: "relative" is no absolute path
5:14: error: "~/x" is no absolute path
6:19: error: "" is the name of no variable
6:28: error: "A=B" is the name of no variable
7:20: error: "a:b" is the name of no user
7:33: error: "x" is no absolute path
8:12: error: "names" names no image
9:12: error: "shell" names no program
"""


@pytest.mark.parametrize("path", [".layerlint.yaml", "rules/images.yaml"])
def test_what_no_image_can_bring_is_said(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    program.write(path, WRONG)
    program.write("Dockerfile")
    status, output, errors = program.run("check", *(["--rules", "rules"] if "/" in path else []))
    said = [line.removeprefix(f"{path}:") for line in errors.splitlines() if not line.startswith("  ")]
    assert (status, output, said) == (2, "", SAID.splitlines())


@pytest.mark.parametrize(
    "image",
    [
        Image(names=("python", "registry:5000/a/*", "a:1.[0-9][-.]*", "[!a-c]?@sha256:0")),
        Image(names=("*",), user="app:1000", home="/home/app user", workdir="/", environment={"a.b": "=\n"}),
        Image(names=("windows",), home=r"C:\Users\ContainerUser", shell=("cmd", "/S", "/C"), workdir="C:/"),
        Image(names=("a",), users=(ImageUser(name="www-data", home="/var/www"), ImageUser(name=r"NT\user"))),
    ],
)
def test_what_an_image_can_bring(image: Image) -> None:
    assert list(wrong_in_image(image)) == []


CONFIGURATION = """\
images:
  - names: [team/python]
    user: app
    home: /srv/app
  - names: [team/quiet]
    environment: {PIP_NO_CACHE_DIR: "1"}
"""


def test_configuration_says_what_an_image_brings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".layerlint.yaml").write_text(CONFIGURATION)
    Path("Dockerfile").write_text("FROM team/quiet\nRUN pip install x\nFROM team/python:3\nRUN pip install y\n")
    _, output, _ = program.run("check", "--format", "github")
    assert output.count("PIP001") == 1
    assert "in /srv/app/.cache/pip" in output


def test_a_mistake_about_an_image_has_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".layerlint.yaml").write_text("images:\n  - names: [a]\n    users: [{nam: x}]\n")
    Path("Dockerfile").write_text("FROM a\n")
    status, _, errors = program.run("check")
    assert status == 2
    assert '.layerlint.yaml:3:14: error: unknown key "nam"' in errors
