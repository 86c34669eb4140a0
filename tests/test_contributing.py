"""CONTRIBUTING.md speaks of what there is: each file, folder and module that it names."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest

from tests.readme import PROJECT

PACKAGE = PROJECT / "src" / "layerlint"
TEXT = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TABLE = [line for line in TEXT.splitlines() if line.startswith("| `")]


def test_each_folder_of_the_package_is_named() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == {name for line in TABLE for name in re.findall(r"`(\w+)/`", line)}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w+(?:/|\.py))`", TEXT))))
def test_what_is_named_is_in_the_package(name: str) -> None:
    assert (PACKAGE / name).exists() or (PROJECT / name).exists()


@pytest.mark.parametrize("module", sorted(set(re.findall(r"\btests(?:\.\w+)+", TEXT))))
def test_each_command_is_there(module: str) -> None:
    spec = find_spec(module)
    assert spec is not None
    assert spec.submodule_search_locations is None or find_spec(f"{module}.__main__") is not None


def test_the_linters_are_those_of_the_whole_check() -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").replace(" --quiet", "")
    assert block in script
