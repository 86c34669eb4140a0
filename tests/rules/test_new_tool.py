"""A package manager that nobody has heard of, added by one YAML file: what it can say of itself, and what follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.linting import lint
from layerlint.rules.ruleset import RuleSet
from layerlint.shell.word import shown
from layerlint.source.source import Source
from tests.rules.new_tool import new_tool_rules


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    return new_tool_rules(tmp_path_factory.mktemp("rules"))


def entries(rules: RuleSet, *lines: str) -> list[str]:
    dockerfile = parse(Source("Dockerfile", "\n".join([*lines, ""]).encode()))
    assert not dockerfile.problems
    return [
        f"{entry.verdict} {shown(entry.directory)}" if entry.purpose == "fills" else f"{entry.purpose} {entry.verdict}"
        for run in read_runs(dockerfile, rules.knowledge)
        for entry in run.entries
        if entry.invocation.tool.tool in {"parcel", "crate"}
    ]


INDEX = ["left /var/*/index"]
NO_INDEX = ["removed /var/*/index"]
TOOLS = ["left /var/tools"]
NO_TOOLS = ["removed /var/tools"]
LEFT = ["left /var/parcel"]
OFF = ["off /var/parcel"]
ABORTED = ["aborted /var/parcel"]
REMOVED = ["removed /var/parcel"]
MOUNTED = ["mounted /var/parcel"]

RUNS = [
    pytest.param("RUN parcel get x", LEFT, id="root's place"),
    pytest.param("USER app\nRUN parcel get x", ["left /home/app/.parcel"], id="everybody else's"),
    pytest.param("RUN parcel look", INDEX, id="another cache of the tool"),
    pytest.param("RUN parcel see", INDEX, id="what fetches what is not there"),
    pytest.param("RUN parcel look && parcel see", INDEX, id="and is there"),
    pytest.param("RUN parcel get x && parcel see", [*LEFT, *INDEX], id="and what is there is another cache"),
    pytest.param("RUN parcel look\nRUN parcel see", INDEX, id="and is there from a layer below"),
    pytest.param(
        "RUN parcel look\nFROM base\nRUN parcel see", [*INDEX, *INDEX], id="or from another stage, which is no help"
    ),
    pytest.param("RUN parcel look\nRUN rm -rf /var/1/index\nRUN parcel see", [*INDEX, *INDEX], id="and was there"),
    pytest.param(
        "RUN --mount=type=cache,target=/opt/index parcel look\nRUN parcel see",
        ["mounted /var/*/index", *INDEX],
        id="and was there on a mount",
    ),
    pytest.param("RUN parcel do && parcel do", TOOLS, id="what is kept elsewhere is fetched once"),
    pytest.param("RUN parcel equip && rm -rf /var/tools && parcel do", NO_TOOLS, id="and is there without its cache"),
    pytest.param("RUN parcel equip && rm -rf /var/tools\nRUN parcel do", NO_TOOLS, id="from a layer below"),
    pytest.param(
        "RUN --mount=type=cache,target=/var/tools parcel do\nRUN parcel do", ["mounted /var/tools"], id="from a mount"
    ),
    pytest.param("RUN PARCEL_NO_TOOLS=1 parcel equip\nRUN parcel do", ["off /var/tools"], id="or was never in it"),
    pytest.param(
        "RUN PARCEL_NO_TOOLS=2 parcel equip\nRUN parcel do", ["aborted /var/tools", *TOOLS], id="but not if it ended"
    ),
    pytest.param("RUN parcel do\nFROM base\nRUN parcel do", [*TOOLS, *TOOLS], id="in another stage it is not there"),
    pytest.param("RUN parcel do\nFROM base\nCOPY --from=0 /a /a\nRUN parcel do", TOOLS, id="unless it is taken along"),
    pytest.param("RUN parcel look && rm -rf /var/1.2/index", NO_INDEX, id="removed by the name that is not known"),
    pytest.param("RUN parcel look && rm -rf /var/*/index", NO_INDEX, id="removed by any name"),
    pytest.param("RUN parcel look && rm -rf /var/1.2/list", INDEX, id="another folder removed"),
    pytest.param("RUN parcel look && rm -rf ~/.index", NO_INDEX, id="removed in the home"),
    pytest.param("USER app\nRUN parcel look && rm -rf /root/.index", INDEX, id="removed in the home of somebody else"),
    pytest.param("WORKDIR /w\nRUN parcel look --here", ["left /w/here/index"], id="an option says that it is here"),
    pytest.param("RUN PARCEL_HERE=1 parcel look", ["left /here/index"], id="a variable says so"),
    pytest.param(
        "RUN PARCEL_MIRROR=/m parcel look", [*INDEX, "left /m"], id="a cache that is there if it is told where"
    ),
    pytest.param("RUN PARCEL_MIRROR=/m parcel see", [*INDEX, "left /m"], id="what fetches fills what it comes from"),
    pytest.param("RUN parcel look && PARCEL_MIRROR=/m parcel see", INDEX, id="but not if it is there"),
    pytest.param("RUN parcel look\nRUN PARCEL_MIRROR=/m parcel see", INDEX, id="or is there from a layer below"),
    pytest.param(
        "ENV PARCEL_MIRROR=/m\nRUN parcel look && rm -rf /var/1/index && parcel see",
        [*NO_INDEX, "left /m", *INDEX],
        id="or what it comes from is there",
    ),
    pytest.param(
        "RUN PARCEL_MIRROR=/m/a parcel look && rm -rf /m/old-mirror",
        [*INDEX, "removed /m/a"],
        id="removed where another version has it, beside it",
    ),
    pytest.param("RUN mkdir -p /etc/parcel/shared && parcel get x", ["left /srv/parcel"], id="if something is there"),
    pytest.param(
        "RUN mkdir /etc/parcel/shared\nRUN rm -r /etc/parcel/shared\nRUN parcel get x", LEFT, id="and is no more"
    ),
    pytest.param("RUN parcel get --version", [], id="it only prints"),
    pytest.param("RUN parcel look --version 1", [], id="whatever follows"),
    pytest.param("RUN parcel get --version 1 x", LEFT, id="unless that is the value of an option"),
    pytest.param("RUN parcel get --version=1 x", LEFT, id="which may be attached"),
    pytest.param("RUN PARCEL_HERE= parcel look", INDEX, id="a variable without a value says nothing"),
    pytest.param("RUN parcel @nightly get x", LEFT, id="a word in front of the subcommand"),
    pytest.param("RUN parcel --mode get look", ["left /var/*/index"], id="a value in front of it"),
    pytest.param("RUN parcel get --mode dry x", [], id="an option with this value"),
    pytest.param("RUN parcel get --mode=wet x", LEFT, id="an option with another value"),
    pytest.param("RUN parcelx tool --store /s", LEFT, id="a program that hands on what follows"),
    pytest.param("RUN parcelx --store /s tool", ["left /s"], id="and its own option in front"),
    pytest.param("RUN parcel run tool --no-store", LEFT, id="a subcommand that hands on what follows"),
    pytest.param("RUN parcel run --no-store tool", OFF, id="and its own option in front of that"),
    pytest.param("RUN parcel run parcel look", [*LEFT, "left /var/*/index"], id="it runs, and what it starts runs"),
    pytest.param(
        "RUN parcel -q run --from f parcel look", [*LEFT, "left /var/*/index"], id="options around the subcommand"
    ),
    pytest.param("ENV PARCEL_OFF=YES\nRUN parcel get x", OFF, id="a word that means yes"),
    pytest.param("ENV PARCEL_OFF=no\nRUN parcel get x", LEFT, id="a word that means no"),
    pytest.param("ENV PARCEL_OFF=perhaps\nRUN parcel get x", ABORTED, id="a word that means nothing"),
    pytest.param("ENV PARCEL_OFF=\nRUN parcel get x", ABORTED, id="no word"),
    pytest.param("ENV PARCEL_OFF=no\nRUN parcel set off 1 && parcel get x", LEFT, id="no, over the configuration"),
    pytest.param("RUN parcel set off 1 && parcel get x", OFF, id="the configuration"),
    pytest.param("RUN parcel set off=1 && parcel get x", OFF, id="the configuration, in one word"),
    pytest.param("RUN echo store=/s > ~/.parcelrc && parcel get x", ["left /s"], id="a place in the configuration"),
    pytest.param("WORKDIR /w\nRUN echo off=1 > .parcelrc\nRUN parcel get x", OFF, id="configuration that is here"),
    pytest.param("WORKDIR /w\nRUN echo off=1 > .parcelrc\nWORKDIR /v\nRUN parcel get x", LEFT, id="or was there"),
    pytest.param("WORKDIR /w\nRUN touch x > off.parcel && parcel get x", OFF, id="a file that is here"),
    pytest.param("WORKDIR /w\nRUN touch x > off.parcel && cd / && parcel get x", LEFT, id="a file that is elsewhere"),
    pytest.param("RUN PARCEL_OFF=yes parcel get --store /s x", ["off /s"], id="a directory does not turn it on"),
    pytest.param("RUN parcel get x && rm -rf /var/parcel", REMOVED, id="removed"),
    pytest.param("RUN parcel get x && rm -rf /opt/parcel", REMOVED, id="removed where another version has it"),
    pytest.param(
        "RUN PARCEL_STORE=/s parcel get x && rm -rf /opt/parcel",
        ["left /s"],
        id="but a variable says where it is",
    ),
    pytest.param("RUN parcel get --store /s x && rm -rf /opt/parcel", ["left /s"], id="or an option"),
    pytest.param(
        "RUN parcel set store /s && parcel get x && rm -rf /opt/parcel", ["left /s"], id="or the configuration"
    ),
    pytest.param(
        "RUN --mount=type=cache,target=/opt/parcel PARCEL_STORE=/s parcel get x",
        ["left /s"],
        id="another place mounted",
    ),
    pytest.param("RUN parcel get x && rm -rf /var/parcel/new /var/parcel/old", REMOVED, id="both parts"),
    pytest.param("RUN parcel get x && rm -rf /var/parcel/new && rm -rf /var/parcel/o*/*.c*", REMOVED, id="one by one"),
    pytest.param("RUN parcel get x && rm -rf /var/parcel/new", LEFT, id="one part"),
    pytest.param(
        "RUN parcel get x && rm -r /var/parcel/new && rm /var/parcel/old/*.crate", REMOVED, id="the part that is files"
    ),
    pytest.param("RUN parcel get x && rm /var/parcel/new /var/parcel/old/*", LEFT, id="the part that is a directory"),
    pytest.param(
        "RUN parcel get x && rm -r /var/parcel/new; rm -f /var/parcel/old",
        LEFT,
        id="the directory of the part of files",
    ),
    pytest.param(
        "RUN parcel get x && rm -rf /var/parcel/new && parcel get y && rm -rf /var/parcel/old",
        [*LEFT, *LEFT],
        id="one part, filled again, the other part",
    ),
    pytest.param("RUN parcel get x && parcel store clean --force", [*REMOVED, "empties left"], id="emptied"),
    pytest.param("RUN parcel get x && parcel store clean", [*LEFT, "spares left"], id="not emptied"),
    pytest.param("RUN parcel get x && parcel store clean --force y", [*LEFT, "spares left"], id="only of an argument"),
    pytest.param("RUN parcel get x && parcel store trim --new", [*LEFT, "empties left"], id="one part emptied"),
    pytest.param(
        "RUN parcel get x && parcel store trim --new --old", [*REMOVED, "empties left"], id="both parts emptied"
    ),
    pytest.param(
        "RUN parcel get x && parcel store trim --new --force", [*REMOVED, "empties left"], id="one part and all of it"
    ),
    pytest.param("RUN parcel get x && parcelclean", [*REMOVED, "empties left"], id="emptied by a program"),
    pytest.param(
        "RUN parcel get x && parcel store trim --old && rm -rf /var/parcel/new",
        [*REMOVED, "empties left"],
        id="one part emptied, the other removed",
    ),
    pytest.param("RUN --mount=type=cache,target=/var/parcel parcel get x", MOUNTED, id="mounted"),
    pytest.param("RUN --mount=type=cache,target=/opt parcel get x", MOUNTED, id="mounted where another version has it"),
    pytest.param(
        "RUN --mount=type=cache,target=/var/parcel/new --mount=type=cache,target=/var/parcel/old parcel get x",
        MOUNTED,
        id="both parts mounted",
    ),
    pytest.param("RUN --mount=type=cache,target=/var/parcel/new parcel get x", LEFT, id="one part mounted"),
    pytest.param("RUN --mount=type=cache,target=/var/parcel,uid=1000 parcel get x", MOUNTED, id="root may write"),
    pytest.param(
        "USER 1001\nRUN --mount=type=cache,target=/c PARCEL_STORE=/c parcel get x",
        ["unwritable /c"],
        id="others may not",
    ),
]


SECOND_RUNS = [
    pytest.param("RUN crate get x", ["left /root/.crate"], id="no folder of PATH is in one of such a name"),
    pytest.param("ENV PATH=/opt/mycrate1/bin:$PATH\nRUN crate get x", ["left /opt/mycrate1/store"], id="one is"),
    pytest.param("ENV PATH=/a:/opt/crate/bin/\nRUN crate get x", ["left /opt/crate/store"], id="one is, with a slash"),
    pytest.param("ENV PATH=/crate/x/bin\nRUN crate get x", ["left /root/.crate"], id="one is further down"),
    pytest.param("ENV PATH=/crate/bin\nRUN /usr/bin/crate get x", ["left /usr/store"], id="called by its path"),
    pytest.param("RUN crate get --pass=--no-store x", ["off /root/.crate"], id="a word that is handed on"),
    pytest.param("RUN crate get --pass '-q -n' x", ["off /root/.crate"], id="one of several words"),
    pytest.param("RUN crate get --pass --no-store-x x", ["left /root/.crate"], id="another word"),
    pytest.param("RUN crate set crates.off true && crate get x", ["off /root/.crate"], id="a key in a table"),
    pytest.param("RUN crate set off true && crate get x", ["off /root/.crate"], id="a key in none"),
    pytest.param(
        "RUN crate set off true && CRATE_AWAY=no crate get x", ["off /root/.crate"], id="a key, and no in a variable"
    ),
    pytest.param("RUN CRATE_AWAY=yes crate get x", ["off /root/.crate"], id="yes in a variable"),
    pytest.param(
        "RUN crate set crates.off true\nRUN crate set crates.off false && crate get x",
        ["left /root/.crate"],
        id="set anew",
    ),
    pytest.param(
        "RUN printf '[crates]\\nother = 1\\n' > ~/.crate.toml && crate set off true && crate get x",
        ["off /root/.crate"],
        id="a key in none, in front of a table",
    ),
]


@pytest.mark.parametrize(("lines", "expected"), [*RUNS, *SECOND_RUNS])
def test_a_run(rules: RuleSet, lines: str, expected: list[str]) -> None:
    assert entries(rules, "FROM base", lines) == expected


@pytest.mark.parametrize(
    ("image", "line", "expected"),
    [
        pytest.param("quiet", "RUN true", OFF, id="there"),
        pytest.param("quiet:3", "RUN true", OFF, id="there, with a tag"),
        pytest.param("loud", "RUN true", LEFT, id="not there"),
        pytest.param("loud", "RUN touch /etc/parcel/off", LEFT, id="made by a program that is not followed"),
        pytest.param("loud", "RUN echo > /etc/parcel/off", OFF, id="made"),
        pytest.param("quiet", "RUN rm -f /etc/parcel/off", LEFT, id="removed"),
        pytest.param("quiet", "RUN rm -rf /etc/parcel*/*", LEFT, id="removed by a pattern"),
        pytest.param("quiet", "RUN rm -f /etc/parcel/on", OFF, id="another removed"),
    ],
)
def test_a_file_that_turns_it_off(rules: RuleSet, image: str, line: str, expected: list[str]) -> None:
    assert entries(rules, f"FROM {image}", line, "RUN parcel get x") == expected


def test_nothing_of_it_is_in_the_code() -> None:
    sources = Path(lint.__code__.co_filename).parent.rglob("*.py")
    assert [path.name for path in sources if "parcel" in path.read_text(encoding="utf-8").casefold()] == []
