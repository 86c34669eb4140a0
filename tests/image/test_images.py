"""What a base image brings, from data: who is told, and what follows for a cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerlint.image.image_checks import wrong_in_image
from layerlint.image.images import Image, Images, ImageUser
from layerlint.rules.loading import load
from tests import program

RULES = load()


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        pytest.param("python", True, id="the name"),
        pytest.param("python:3.12-slim", True, id="with a tag"),
        pytest.param("python@sha256:0", True, id="with a digest"),
        pytest.param("registry.example/python:3", True, id="from a registry"),
        pytest.param("localhost/python", True, id="from here"),
        pytest.param("registry:5000/python", True, id="from a port"),
        pytest.param("library/python:3", True, id="as the registry calls it"),
        pytest.param("public.registry.example/docker/library/python:3", True, id="from a mirror"),
        pytest.param("mirror.example/hub/docker.io/python:3", True, id="from a mirror of the registry"),
        pytest.param("mirror.example/hub/docker.io/library/python:3", True, id="from a mirror of both"),
        pytest.param("arm64v8/python:3", True, id="for a processor"),
        pytest.param("registry.example/i386/python", True, id="for a processor, from a registry"),
        pytest.param("team/arm64v8/python", False, id="of somebody else, for a processor"),
        pytest.param("my-library/python", False, id="of somebody else's library"),
        pytest.param("pythons", False, id="another name"),
        pytest.param("team/python", False, id="of somebody else"),
        pytest.param("library/python:3", True, id="an official image by its full name"),
        pytest.param("docker.io/library/python:3", True, id="the same, from its registry"),
        pytest.param("registry.example/library/python@sha256:0", True, id="the same, from another registry"),
        pytest.param("public.ecr.aws/docker/library/python", True, id="where Amazon's registry has it"),
        pytest.param("arm64v8/python:3-slim", True, id="of one architecture"),
        pytest.param("docker.io/amd64/python", True, id="of one architecture, from its registry"),
        pytest.param("registry.example/proxy/library/python", True, id="official, through somebody's proxy"),
        pytest.param("library/pythons", False, id="another official image"),
    ],
)
def test_an_image_is_found_by_its_repository(reference: str, *, found: bool) -> None:
    assert (Images([Image(names=("python",), user="one")]).facts(reference).user == "one") is found


@pytest.mark.parametrize(
    ("reference", "versions"),
    [
        pytest.param("node:6-alpine", {"npm": "4", "go": "6-alpine"}, id="each tool's from the first that names it"),
        pytest.param("node", {"npm": "11", "go": ""}, id="without a tag it is the latest"),
        pytest.param("node:latest", {"npm": "11", "go": "latest"}, id="the latest"),
        pytest.param("registry.example:5000/node:6", {"npm": "4", "go": "6"}, id="from a registry"),
        pytest.param("node:6@sha256:0", {"npm": "4", "go": "6"}, id="with a digest too"),
        pytest.param("node@sha256:0", {"go": ""}, id="a digest alone is not the latest"),
        pytest.param("node:7", {"go": "7"}, id="one that is said not to be known"),
        pytest.param("nodes:6", {}, id="another image"),
    ],
)
def test_the_versions_of_tools_are_those_of_the_first_entry_that_names_them(
    reference: str, versions: dict[str, str]
) -> None:
    images = Images(
        [
            Image(names=("node:7",), versions={"npm": ""}),
            Image(names=("node:[67]", "node:[67]-*"), versions={"npm": "4"}),
            Image(names=("node:latest",), versions={"npm": "11"}),
            Image(names=("node",), user="node", versions={"go": "{tag}"}),
        ]
    )
    assert images.versions(reference) == {tool: version for tool, version in versions.items() if version}


@pytest.mark.parametrize(
    ("reference", "user", "home"),
    [
        pytest.param("debian:12", "nobody", "/nonexistent", id="Debian's nobody"),
        pytest.param(
            "team/anything", "www-data", "/var/www", id="Debian's www-data, which is taken for that of any image"
        ),
        pytest.param("php:8-fpm-alpine", "www-data", "/home/www-data", id="that of images on Alpine"),
        pytest.param("alpine:3.20", "nobody", "/", id="Alpine's nobody"),
        pytest.param("rockylinux:9", "nobody", "/", id="RHEL's nobody"),
        pytest.param("node:22", "node", "/home/node", id="the image's own user"),
        pytest.param("node:22-alpine", "nobody", "/", id="what is below an image with users of its own"),
    ],
)
def test_each_user_is_as_the_first_entry_says_that_names_it(reference: str, user: str, home: str) -> None:
    assert Images(RULES.images).accounts(reference).home_of(user) == home


def test_an_entry_of_versions_hides_no_other() -> None:
    images = Images([Image(names=("node:6",), versions={"npm": "4"}), Image(names=("node",), user="node")])
    assert images.facts("node:6").user == "node"


def test_the_newest_versions_are_those_of_the_first_entry_that_names_them() -> None:
    images = Images(
        [
            Image(names=("python:2",), newest={"parcel": "2.9"}),
            Image(names=("python",), user="app", newest={"parcel": "5", "bag": "{tag}"}),
        ]
    )
    assert images.newest("python:2") == {"parcel": "2.9", "bag": "2"}
    assert images.newest("python:3") == {"parcel": "5", "bag": "3"}
    assert images.newest("alpine") == {}
    assert images.facts("python:2").user == "app"


@pytest.mark.parametrize(
    ("reference", "tool", "version"),
    [
        pytest.param("python:3.12-slim", "pip", "19.2.3", id="a Python that brings a newer one"),
        pytest.param("python", "pip", "19.0", id="the latest Python"),
        pytest.param("python:3.6.6-jessie", "pip", "", id="an old Python"),
        pytest.param("python:2.7.14", "pip", "", id="an old Python 2"),
        pytest.param("python:2.7-wheezy", "pip", "19.0", id="Python 2 where it was made anew"),
        pytest.param("python:3.6-alpine3.6", "pip", "", id="Python where it was not made anew"),
        pytest.param("ubuntu:18.04", "pip", "", id="an old Ubuntu"),
        pytest.param("ubuntu:22.04", "pip", "20.0.2", id="a newer Ubuntu"),
        pytest.param("nvidia/cuda:12.2.0-devel-ubuntu22.04", "pip", "20.0.2", id="an image on a newer Ubuntu"),
        pytest.param("nvidia/cuda:10.0-devel-ubuntu18.04", "pip", "", id="an image on an old Ubuntu"),
        pytest.param("debian:buster-slim", "pip", "", id="an old Debian"),
        pytest.param("debian:12-slim", "pip", "20.3.4", id="a newer Debian"),
        pytest.param("debian", "pip", "20.3.4", id="the latest Debian"),
        pytest.param("alpine:3.9", "pip", "", id="an old Alpine"),
        pytest.param("alpine:3.20", "pip", "20.1.1", id="a newer Alpine"),
        pytest.param("team/anything", "pip", "", id="anything"),
        pytest.param("node:6", "npm", "4.2", id="an old Node.js"),
        pytest.param("node:10", "npm", "5.0", id="a newer Node.js"),
        pytest.param("node:16", "npm", "5.0", id="a Node.js of two digits"),
        pytest.param("ubuntu:16.04", "npm", "3.5", id="the npm of an old Ubuntu"),
        pytest.param("alpine:3.6", "go", "1.9", id="at most, of an old Alpine"),
        pytest.param("golang:1.9.5-alpine", "go", "1.9.5-alpine", id="a version of Go"),
        pytest.param("golang:1", "go", "", id="the latest Go 1"),
    ],
)
def test_what_is_known_of_a_tool_s_version(reference: str, tool: str, version: str) -> None:
    assert Images(RULES.images).versions(reference).get(tool, "") == version


@pytest.mark.parametrize(
    ("reference", "version", "newest"),
    [
        pytest.param("python:3.13-slim", "", "21.0", id="a Python without one"),
        pytest.param("python:3.8-slim-buster", "12.0", "21.0", id="a Python that is newer than its Debian's"),
        pytest.param("python:3.7.17-bookworm", "20.0.17", "20.15.1", id="a Python that is older than its Debian's"),
        pytest.param("python:3.6", "", "20.15.1", id="an old Python"),
        pytest.param("python:2.7-slim-buster", "20.0.15", "20.15.1", id="Python 2 as it was last made"),
        pytest.param("python:2.7.12", "12.0", "12.0", id="an old Python 2, where pip finds one that is there"),
        pytest.param("python", "", "21.0", id="the latest Python"),
        pytest.param("debian:12-slim", "20.0.17", "21.0", id="a newer Debian"),
        pytest.param("debian:sid", "", "21.0", id="a Debian whose package changes"),
        pytest.param("debian:buster", "12.0", "20.15.1", id="an old Debian"),
        pytest.param("debian:jessie", "1.11.6", "20.15.1", id="a very old Debian"),
        pytest.param("ubuntu:24.04", "20.0.17", "21.0", id="a newer Ubuntu"),
        pytest.param("ubuntu", "", "21.0", id="the latest Ubuntu"),
        pytest.param("ubuntu:18.04", "12.0", "20.15.1", id="an old Ubuntu"),
        pytest.param("nvidia/cuda:10.0-devel-ubuntu18.04", "12.0", "20.15.1", id="an image on an old Ubuntu"),
        pytest.param("centos:7", "12.0", "20.15.1", id="an old CentOS"),
        pytest.param("team/anything", "", "21.0", id="anything"),
    ],
)
def test_what_is_known_of_virtualenv(reference: str, version: str, newest: str) -> None:
    images = Images(RULES.images)
    assert images.versions(reference).get("virtualenv", "") == version
    assert images.newest(reference)["virtualenv"] == newest


def test_each_shipped_entry_has_a_source() -> None:
    images = RULES.images
    assert images
    assert all(image.source for image in images)


def test_the_first_that_matches_counts() -> None:
    images = Images([Image(names=("a*",), user="one"), Image(names=("ab",), user="two")])
    assert images.facts("ab").user == "one"


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
