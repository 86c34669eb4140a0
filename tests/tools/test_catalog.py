"""Which tool a command calls."""

from __future__ import annotations

import pytest

from layerlint.tools.catalog import Catalog
from layerlint.tools.tool import Tool
from tests.shell.shells import commands

CATALOG = Catalog(
    [Tool(tool="parcel", names=("parcel", "parcel-[0-9]"), modules=("crate",)), Tool(tool="box", names=("box",))]
)


@pytest.mark.parametrize(
    ("line", "tool"),
    [
        pytest.param("parcel get", "parcel", id="a name"),
        pytest.param("/opt/bin/parcel-2 get", "parcel", id="a name that a glob is for"),
        pytest.param("python -m parcel get", "parcel", id="a name of a module"),
        pytest.param("python -m crate", "parcel", id="a module"),
        pytest.param("crate", None, id="a program that is called as a module is"),
        pytest.param("python crate", None, id="a file that is called as a module is"),
        pytest.param("python -m box", "box", id="another tool's"),
        pytest.param("python -m boxes", None, id="no tool's"),
    ],
)
def test_the_tool_of_a_command(line: str, tool: str | None) -> None:
    found = CATALOG.tool_of(commands(line)[0])
    assert (found.tool if found is not None else None) == tool
