"""What a base image brings, from data: who is told, and what follows for a cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerlint.image.images import Image, Images
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
