"""Command lines read as the tool's own option parser reads them."""

from __future__ import annotations

import pytest

from layerlint.tools.invocation import Invocation, read_invocation
from layerlint.tools.tool import OptionNames, Tool
from layerlint.tools.use import Use
from tests.shell.shells import commands

TOOL = Tool(
    tool="tool",
    names=("tool", "tool-*.sh"),
    abbreviated=True,
    options=OptionNames(switches=("-q", "--quiet", "--no-store", "--no-color"), values=("-r", "--requires", "--store")),
    subcommands={"list": OptionNames(switches=("-r", "--rows")), "tool-*.sh": OptionNames(values=("-q",))},
    without_subcommand=("tool-*.sh",),
    no_work=("--help",),
    refuses_unknown_options=True,
    refuses_arguments=("-?*",),
)


def read(line: str, tool: Tool = TOOL) -> Invocation:
    return read_invocation(tool, commands(line)[0])


def in_short(line: str) -> str:
    invocation = read(line)
    options = " ".join(f"{option.name}={option.value}" for option in invocation.options)
    subcommand = invocation.subcommand.value if invocation.subcommand is not None else "-"
    return f"{subcommand} [{options}] {' '.join(word.value for word in invocation.arguments)}".rstrip()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("tool", "- []", id="nothing"),
        pytest.param("tool add a b", "add [] a b", id="arguments"),
        pytest.param("tool -q add a", "add [-q=None] a", id="a switch in front"),
        pytest.param("tool add -qq a", "add [-q=None -q=None] a", id="two letters"),
        pytest.param("tool add -r x a", "add [-r=x] a", id="a value"),
        pytest.param("tool add -rx a", "add [-r=x] a", id="an attached value"),
        pytest.param("tool add -qrx a", "add [-q=None -r=x] a", id="a value behind a letter"),
        pytest.param("tool add --store x a", "add [--store=x] a", id="a long option"),
        pytest.param("tool add --store=x a", "add [--store=x] a", id="with an equals sign"),
        pytest.param("tool --store x add a", "add [--store=x] a", id="a value in front is no subcommand"),
        pytest.param("tool add --sto x a", "add [--store=x] a", id="an abbreviation"),
        pytest.param("tool add --no x a", "add [--no=None] x a", id="an abbreviation of several"),
        pytest.param("tool add -r --quiet", "add [-r=--quiet]", id="an option as a value"),
        pytest.param("tool add -- -q", "add [] -q", id="behind two dashes"),
        pytest.param("tool add -r", "add [-r=None]", id="a value that is missing"),
        pytest.param("tool list -r x", "list [-r=None] x", id="a subcommand's own meaning"),
        pytest.param("tool-1.2.sh -q -r x a", "- [-q=-r] x a", id="that of a program without subcommands"),
    ],
)
def test_a_line(line: str, expected: str) -> None:
    assert in_short(line) == expected


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        pytest.param("tool add -q a", None, id="all known"),
        pytest.param("tool add --quiat a", "--quiat", id="an unknown option"),
        pytest.param("tool add --no a", "--no", id="an ambiguous one"),
        pytest.param("tool add -x a", "-x", id="an unknown letter"),
        pytest.param("tool add -- -x", "-x", id="an argument that cannot be one"),
        pytest.param("tool add $(x)", None, id="an argument that is not known"),
        pytest.param("tool add --$(x) a", None, id="an option that is not known"),
    ],
)
def test_what_it_refuses(line: str, refused: str | None) -> None:
    word = read_invocation(TOOL, commands(line)[-1]).refused
    assert (word.value if word is not None else None) == refused


@pytest.mark.parametrize(
    ("use", "line", "is_it"),
    [
        pytest.param(Use(subcommand=("add", "get")), "tool get x", True, id="the subcommand"),
        pytest.param(Use(subcommand=("add",)), "tool get x", False, id="another"),
        pytest.param(Use(arguments=("a",)), "tool add a b", True, id="first arguments"),
        pytest.param(Use(arguments=("a",)), "tool add b a", False, id="in another order"),
        pytest.param(Use(with_option=("-q",)), "tool add -q", True, id="an option"),
        pytest.param(Use(with_option=("-q",)), "tool add", False, id="without it"),
        pytest.param(Use(without_option=("-q",)), "tool add -q", False, id="an option that must not be there"),
        pytest.param(Use(any_argument=("./*",)), "tool add a ./b", True, id="an argument by glob"),
        pytest.param(Use(any_argument=("./*",), except_argument=("*.b",)), "tool add ./a.b", False, id="but not that"),
        pytest.param(Use(any_argument=("./*",), values_of=("-r",)), "tool add -r ./a", True, id="a value by glob"),
        pytest.param(Use(first_argument=("a*",)), "tool add ab c", True, id="the first argument by glob"),
        pytest.param(Use(first_argument=("a*",)), "tool add c ab", False, id="a later one"),
        pytest.param(Use(first_argument=("*",)), "tool add", False, id="none"),
        pytest.param(Use(needs_argument_or=("-r",)), "tool add", False, id="no argument"),
        pytest.param(Use(needs_argument_or=("-r",)), "tool add -r x", True, id="an option in its place"),
    ],
)
def test_uses(use: Use, line: str, *, is_it: bool) -> None:
    assert read(line).is_use(use) is is_it


@pytest.mark.parametrize(
    ("several", "title"),
    [
        pytest.param(False, "tool clean", id="the first word is"),
        pytest.param(True, "tool clean package", id="each word is"),
    ],
)
def test_a_title_has_all_subcommands(title: str, *, several: bool) -> None:
    tool = Tool(tool="tool", names=("tool",), options=OptionNames(values=("-f",)), several_subcommands=several)
    assert read("tool clean -f x package", tool).title == title


def test_the_span_is_from_the_name_to_the_subcommand() -> None:
    line = "x && tool -q add a"
    span = read_invocation(TOOL, commands(line)[1]).span
    assert span is not None
    assert line[span.start : span.end] == "tool -q add"


@pytest.mark.parametrize(
    ("version", "bounds", "holds"),
    [
        pytest.param("9.5", "<10", True, id="in the range"),
        pytest.param("10", "<10", False, id="outside"),
        pytest.param("1.9.5-alpine", ">=1.10", False, id="a tag: numbers, not text"),
        pytest.param("", "<10", False, id="one that is not known is not old"),
        pytest.param("", ">=10", True, id="but the newest"),
    ],
)
def test_a_use_may_be_of_some_versions(version: str, bounds: str, *, holds: bool) -> None:
    invocation = read_invocation(TOOL, commands("tool get x")[0], version)
    assert invocation.is_use(Use(subcommand=("get",), version=bounds)) is holds
