"""Where the files are looked for that COPY takes: never outside of the folders that can be a build context."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.program import check, write

COPY = "FROM python:3.12\nCOPY {} /etc/pip.conf\nRUN pip install a\n"
OFF = "[global]\nno-cache-dir = true\n"
OTHER = "[global]\ntimeout = 60\n"


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")


def reported(*arguments: str, stdin: str = "") -> list[str]:
    return check("--select", "PIP001", *arguments, stdin=stdin)[1]


@pytest.mark.parametrize(
    ("dockerfile", "source", "file", "silent"),
    [
        pytest.param("Dockerfile", "pip.conf", "pip.conf", True, id="beside the Dockerfile"),
        pytest.param("a/Dockerfile", "pip.conf", "a/pip.conf", True, id="beside it, in a subfolder"),
        pytest.param("Dockerfile", "conf/pip.conf", "conf/pip.conf", True, id="in a folder of the context"),
        pytest.param("Dockerfile", "/conf/pip.conf", "conf/pip.conf", True, id="a slash is the top of the context"),
        pytest.param("Dockerfile", "../pip.conf", "pip.conf", True, id="so is what would be above it"),
        pytest.param("docker/Dockerfile", "pip.conf", "pip.conf", True, id="docker build -f docker/Dockerfile ."),
        pytest.param("a/docker/Dockerfile", "pip.conf", "a/pip.conf", True, id="the same in a subfolder"),
        pytest.param("docker/Dockerfile", "docker/pip.conf", "docker/pip.conf", True, id="the same, with its folder"),
        pytest.param("Dockerfile", "pip.conf", "a/pip.conf", False, id="in another folder"),
        pytest.param("a/Dockerfile", "pip.conf", "b/pip.conf", False, id="in a folder beside it"),
        pytest.param("Dockerfile", "pip.conf", "../pip.conf", False, id="above the current folder"),
        pytest.param("Dockerfile", "../pip.conf", "../pip.conf", False, id="above it, and named so"),
    ],
)
def test_where_copy_looks(dockerfile: str, source: str, file: str, silent: bool) -> None:
    write(dockerfile, COPY.format(source))
    write(file, OFF)
    assert (reported(".") == []) is silent


@pytest.mark.parametrize("target", [".", "./", "../etc"])
def test_a_copy_into_the_working_directory(target: str) -> None:
    write("Dockerfile", f"FROM python:3.12\nWORKDIR /etc\nCOPY pip.conf {target}\nRUN pip install a\n")
    write("pip.conf", OFF)
    assert reported(".") == []


def test_the_nearest_counts() -> None:
    write("docker/Dockerfile", COPY.format("pip.conf"))
    write("docker/pip.conf", OTHER)
    write("pip.conf", OFF)
    assert reported(".") == ["docker/Dockerfile:3 warning PIP001"]


def test_a_dockerfile_that_is_not_below_the_current_folder_has_its_own_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("docker/Dockerfile", COPY.format("pip.conf"))
    write("pip.conf", OFF)
    (tmp_path / "project/docker/deeper").mkdir()
    monkeypatch.chdir(tmp_path / "project/docker/deeper")
    assert reported("../Dockerfile") == ["../Dockerfile:3 warning PIP001"]
    monkeypatch.chdir(tmp_path / "project")
    (tmp_path / "projects").mkdir()
    assert reported("docker/Dockerfile") == []


def test_standard_input_has_the_folder_that_it_is_said_to_be_in() -> None:
    write("a/pip.conf", OFF)
    text = COPY.format("pip.conf")
    assert reported("-", "--stdin-filename", "a/Dockerfile", stdin=text) == []
    assert reported("-", "--stdin-filename", "b/Dockerfile", stdin=text) == ["b/Dockerfile:3 warning PIP001"]


@pytest.mark.parametrize("target", ["../secret", "{tmp}/secret", "up/secret", "/dev/stdin", "/dev/zero", "pip.conf"])
def test_links_do_not_lead_out(tmp_path: Path, target: str) -> None:
    write("../secret", OFF)
    Path("up").symlink_to("..")
    Path("pip.conf").symlink_to(target.format(tmp=tmp_path))
    write("Dockerfile", COPY.format("pip.conf"))
    assert reported("Dockerfile") == ["Dockerfile:3 warning PIP001"]


def test_folders_behind_links_do_not_lead_out(tmp_path: Path) -> None:
    write("../outside/pip.conf", OFF)
    Path("conf").symlink_to(tmp_path / "outside")
    write("Dockerfile", COPY.format("conf/pip.conf"))
    write("Dockerfile.folder", COPY.format("conf").replace("/etc/pip.conf", "/etc/"))
    assert len(reported(".")) == 2


def test_a_link_inside_the_context_is_followed() -> None:
    write("real.conf", OFF)
    Path("pip.conf").symlink_to("real.conf")
    write("Dockerfile", COPY.format("pip.conf"))
    assert reported("Dockerfile") == []


def test_what_is_no_small_file_is_not_read() -> None:
    os.mkfifo("pip.conf")
    write("Dockerfile", COPY.format("pip.conf"))
    assert len(reported("Dockerfile")) == 1
    Path("pip.conf").unlink()
    write("pip.conf", OFF + "#" * 100_000)
    assert len(reported("Dockerfile")) == 1


def test_a_context_behind_a_link_to_its_folder(tmp_path: Path) -> None:
    write("Dockerfile", COPY.format("pip.conf"))
    write("pip.conf", OFF)
    (tmp_path / "link").symlink_to(tmp_path / "project")
    assert reported(f"{tmp_path}/link/Dockerfile") == []
