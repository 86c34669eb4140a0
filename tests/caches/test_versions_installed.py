"""The version of a tool that has installed itself."""

from __future__ import annotations

import pytest

from layerlint.caches.versions_installed import versions_after
from layerlint.tools.bringer import Bringer
from layerlint.tools.catalog import Catalog
from layerlint.tools.invocation import read_invocation
from layerlint.tools.tool import OwnPackage, Tool
from layerlint.tools.use import Use
from layerlint.versions import NEWEST
from tests.shell.shells import commands

OWN = OwnPackage(
    name="parcel",
    others=("bag",),
    installed_by=(Use(subcommand=("install", "renew")),),
    renewed_by=(Use(subcommand=("renew",)),),
    version_set_by=(Use(subcommand=("switch",)),),
    version_names={"old": "3"},
)
BRINGERS = (
    Bringer(program=("wrap*", "crate")),
    Bringer(program=("fetch",), argument=("parcel*", "crate")),
    Bringer(program=("bag", "bag-[0-9]"), package="bag", version=">=12"),
)
TOOL = Tool(tool="parcel", names=("parcel",), own_package=OWN, brought_by=BRINGERS)


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        pytest.param("parcel install parcel==9.0.3", "20", "9.0.3", id="a version"),
        pytest.param("parcel install parcel==9.0.3", "", "9.0.3", id="a version where none was known"),
        pytest.param("parcel install parcel@3.10", "4", "3.10", id="a version as npm has it"),
        pytest.param("parcel install other parcel==9 'parcel == 10'", "20", "10", id="the last counts"),
        pytest.param("parcel install parcel", "18", NEWEST, id="the newest"),
        pytest.param("parcel install parcel", "", "", id="the newest, of several that may be there"),
        pytest.param("parcel install 'parcel>=19'", "18", NEWEST, id="the newest there is"),
        pytest.param("parcel install parcel@latest", "4", NEWEST, id="the latest"),
        pytest.param("parcel install 'parcel<10'", "20", "", id="an older one"),
        pytest.param("parcel install 'parcel>=9,<10'", "20", "", id="one of a range"),
        pytest.param("parcel install 'parcel!=21'", "20", "", id="another one"),
        pytest.param("parcel install parcel@next", "4", "", id="a tag"),
        pytest.param("parcel install parcel==$V", "20", "", id="one that is not known"),
        pytest.param("true || parcel install parcel==9", "20", "20", id="not installed"),
        pytest.param("make || parcel install parcel==9", "20", "", id="perhaps installed"),
        pytest.param("parcel install parcel-tools==9", "20", "20", id="another package"),
        pytest.param("parcel download parcel==9", "20", "20", id="not installed but fetched"),
        pytest.param("parcel install other", "20", "20", id="something else"),
        pytest.param("parcel renew", "4", NEWEST, id="what installs the newest"),
        pytest.param("parcel renew parcel==9", "4", "9", id="what would install the newest, and is told which"),
        pytest.param("parcel renew other", "4", NEWEST, id="what installs the newest with something else"),
        pytest.param("parcel switch 9.1", "20", "9.1", id="a version alone"),
        pytest.param("parcel switch latest", "4", NEWEST, id="the latest alone"),
        pytest.param("parcel switch next", "4", "", id="a tag alone"),
        pytest.param("parcel switch old", "20", "3", id="a word for a version"),
        pytest.param("parcel install parcel@old", "20", "3", id="a word for a version behind the name"),
        pytest.param("parcel switch", "20", "20", id="no version"),
    ],
)
def test_the_version_is_what_is_installed(line: str, before: str, after: str) -> None:
    versions = {"parcel": before} if before else {}
    for command in commands(line):
        if command.name == "parcel":
            versions = dict(versions_after(read_invocation(TOOL, command), OWN, versions, {}))
    assert versions.get("parcel", "") == after


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        pytest.param("parcel install bag==11.4", "12.1", "11.4", id="a version"),
        pytest.param("parcel install bag", "11.4", NEWEST, id="the newest"),
        pytest.param("parcel install parcel bag", "11.4", NEWEST, id="both"),
        pytest.param("parcel install 'bag<13'", "11.4", "", id="an older one"),
        pytest.param("parcel install bag", "", "", id="the newest where none was known"),
        pytest.param("parcel install bagger", "11.4", "11.4", id="another package"),
        pytest.param("parcel renew bag", "11.4", NEWEST, id="with what installs it"),
        pytest.param("parcel switch 12", "11.4", "11.4", id="a version of the tool"),
    ],
)
def test_the_version_of_a_package_that_brings_it_is_what_is_installed(line: str, before: str, after: str) -> None:
    versions = {"parcel": "1", **({"bag": before} if before else {})}
    for command in commands(line):
        versions = dict(versions_after(read_invocation(TOOL, command), OWN, versions, {}))
    assert versions.get("bag", "") == after


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        pytest.param("parcel install parcel", "18", "19", id="the newest there is"),
        pytest.param("parcel install parcel", "", "19", id="the newest where none was known"),
        pytest.param("parcel renew", "", "19", id="what installs the newest"),
        pytest.param("parcel install parcel==9", "", "9", id="a version"),
        pytest.param("parcel install 'parcel<10'", "", "", id="an older one"),
        pytest.param("parcel install other", "", "", id="something else"),
    ],
)
def test_what_is_installed_is_the_newest_that_the_image_can_have(line: str, before: str, after: str) -> None:
    versions = {"parcel": before} if before else {}
    for command in commands(line):
        invocation = read_invocation(TOOL, command)
        versions = dict(versions_after(invocation, OWN, versions, {"parcel": "19", "bag": "3"}))
    assert versions.get("parcel", "") == after


@pytest.mark.parametrize(
    ("line", "known"),
    [
        pytest.param("crate", {"other": "2"}, id="a program that brings it"),
        pytest.param("wrapper", {"other": "2"}, id="one that a glob is for"),
        pytest.param("make", {"parcel": "1", "other": "2"}, id="another program"),
        pytest.param("fetch -U parcel==1", {"other": "2"}, id="with an argument"),
        pytest.param("fetch supervisor", {"parcel": "1", "other": "2"}, id="with another argument"),
        pytest.param("fetch $SOMETHING", {"other": "2"}, id="with one that is not known"),
        pytest.param("bag env", {"other": "2"}, id="of a version that is not known"),
    ],
)
def test_behind_what_brings_a_copy_the_version_is_not_known(line: str, known: dict[str, str]) -> None:
    (command,) = commands(line)
    assert Catalog([TOOL]).without_brought(command, {"parcel": "1", "other": "2"}) == known


@pytest.mark.parametrize(
    ("program", "version", "known"),
    [
        pytest.param("bag", "11.4", True, id="before"),
        pytest.param("bag-3", "11.4", True, id="before, by another name"),
        pytest.param("bag", "12.0", False, id="since"),
        pytest.param("bag", NEWEST, False, id="the newest"),
    ],
)
def test_it_depends_on_the_version_of_what_brings_it(program: str, version: str, *, known: bool) -> None:
    (command,) = commands(f"{program} env")
    versions = {"parcel": "1", "bag": version}
    assert ("parcel" in Catalog([TOOL]).without_brought(command, versions)) is known
