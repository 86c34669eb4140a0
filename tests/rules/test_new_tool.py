"""A package manager that nobody has heard of, added by one YAML file: what it can say of itself, and what follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.finding import FixKind
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.selection import Selection
from layerlint.shell.word import shown
from layerlint.source import Source

TOOL = """\
tool: parcel
names: [parcel, parcelx, parcelclean]
groups: [store]
before-subcommand: ["@*"]
passes-on: [run, parcelx]
wrappers:
  - {names: [parcel], subcommands: [run], is-command: true, values: [--from]}
options:
  switches: [-q, --quiet, --no-store, --force, --offline, --new, --old, --here]
  values: [--store, --mode]
config:
  form: lines
  files:
    - {home: .parcelrc, scope: user}
    - {here: .parcelrc}
  written-by: {set-by: [subcommand: [set]], default-scope: user}
caches:
  - name: crates
    title: parcel's crates
    filled-by:
      - {subcommand: [get, run], without-option: [--mode=dry]}
      - {program: [parcelx]}
    at:
      - option: --store
      - environment: PARCEL_STORE
      - config: store
      - {path: /var/parcel, user: root}
      - home: .parcel
    other-versions-at: [/opt/parcel]
    parts: [new, "old/*.crate"]
    off-by:
      - option: --no-store
      - {environment: PARCEL_OFF, values: ["yes"], on-values: ["no"], empty-aborts: true}
      - config: off
      - file: /etc/parcel/off
      - file: off.parcel
    emptied-by:
      - {subcommand: [store clean], with-option: [--force], no-arguments: true}
      - {subcommand: [store trim], with-option: [--new], parts: [new]}
      - {subcommand: [store trim], with-option: [--old], parts: ["old/*.crate"]}
      - {subcommand: [store trim], with-option: [--force]}
      - {program: [parcelclean]}
    spared-by: [{subcommand: [store clean]}]
    needs: write
  - name: index
    title: parcel's index
    filled-by: [{subcommand: [look]}]
    completed-by: [{subcommand: [see]}]
    at:
      - {option: --here, here: here/index}
      - {environment: PARCEL_HERE, here: here/index}
      - path: /var/*/index
    other-versions-at: [~/.index, /opt/index]
  - name: mirror
    title: parcel's mirror
    filled-by: [{subcommand: [look]}]
    at: [environment: PARCEL_MIRROR]
"""
SECOND_TOOL = """\
tool: crate
names: [crate]
options:
  switches: [--plain]
  values: [--pass]
config:
  form: toml
  files: [{home: .crate.toml, scope: user}]
  sections: ["", crates]
  written-by: {set-by: [subcommand: [set]], default-scope: user}
caches:
  - title: crate's crates
    filled-by: [{subcommand: [get]}]
    at:
      - {prefix: store, prefix-named: ["*crate*"]}
      - home: .crate
    off-by:
      - {option: --pass, words: [--no-store, -n]}
      - {environment: CRATE_AWAY, values: ["yes"], on-values: ["no"], independent: true}
      - {config: off, values: ["true"], on-values: ["false"]}
    parts: [new, old]
"""
SECOND_RULE = """\
id: CRT001
name: crate-cache-in-layer
severity: warning
summary: crate's crates stay in a layer
message: "`{command}` leaves {cache} in {directory}"
advice: Mount both folders.
note: |
  They make it bigger.
cases:
  - when: {tool: crate, cache: [left], option: [--plain, --pass=x]}
    message: "{option} is given"
    at: option
  - when: {tool: crate, cache: [left], variable: {names: [CRATE], values: ["yes"]}}
    message: "{variable} says yes"
  - when: {tool: crate, cache: [left]}
fixes:
  - title: Empty it
    safety: safe
    append-command: "{program} tidy {directory}/new"
  - title: Mount both
    safety: safe
    add-mount: {target: ["{directory}/new", "{directory}/old"]}
"""
RULE = """\
id: PRC001
name: parcel-cache-in-layer
severity: warning
summary: parcel's crates stay in a layer
message: "`{command}` leaves {cache} in {directory}"
advice: Add `--no-store`.
note: |
  They make it bigger.
when: {tool: parcel, cache-name: crates, cache: [left]}
fixes:
  - title: Add --no-store
    safety: safe
    insert-option: --no-store
  - title: Mount a cache at {directory}
    safety: unsafe
    add-mount: {}
"""
LATE_RULE = """\
id: PRC002
name: parcel-cache-removed-late
severity: warning
summary: parcel's crates are removed in a later layer
message: "`{removal}` is too late"
advice: Do it in the RUN that fills it.
note: |
  The layer below keeps them.
when: {tool: parcel, removal: [late]}
at: removal
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "tool.yaml").write_text(TOOL)
    (folder / "rule.yaml").write_text(RULE)
    (folder / "late-rule.yaml").write_text(LATE_RULE)
    (folder / "second-tool.yaml").write_text(SECOND_TOOL)
    (folder / "second-rule.yaml").write_text(SECOND_RULE)
    images = "images: [{names: [quiet], files: {/etc/parcel/off: null}}]\n"
    (folder / "images.yaml").write_text(images)
    return load([folder])


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


def test_a_tool_is_called_as_it_is_written(rules: RuleSet) -> None:
    report = lint(Source("Dockerfile", b"FROM base\nRUN parcelx --offline tool\n"), rules, _selection(rules))
    assert [finding.message for finding in report.findings] == ["`parcelx` leaves parcel's crates in /var/parcel"]


def test_its_rule_finds_and_mends(rules: RuleSet) -> None:
    source = Source("Dockerfile", b"FROM base\nRUN parcel -q get x\n")
    (finding,) = lint(source, rules, _selection(rules)).findings
    assert (finding.rule, source.text(finding.span)) == ("PRC001", "parcel -q get")
    (edit,) = finding.fixes[0].edits
    assert edit.text == " --no-store"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("RUN crate get --plain x", "--plain is given", id="an option"),
        pytest.param("RUN crate get --pass x y", "--pass is given", id="an option with this value"),
        pytest.param(
            "RUN crate get --pass y x", "`crate get` leaves crate's crates in /root/.crate", id="another value"
        ),
        pytest.param("RUN CRATE=Yes crate get x", "CRATE says yes", id="a variable with this value"),
        pytest.param(
            "RUN CRATE=no crate get x", "`crate get` leaves crate's crates in /root/.crate", id="with another"
        ),
    ],
)
def test_what_its_rule_speaks_of(rules: RuleSet, line: str, message: str) -> None:
    source = Source("Dockerfile", f"FROM base\n{line}\n".encode())
    (finding,) = lint(source, rules, _selection(rules, "CRT001")).findings
    assert finding.message == message


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("parcel -q store clean --force", "clean: `parcel -q store clean --force`", id="a subcommand"),
        pytest.param("parcelclean", "parcelclean: `parcelclean`", id="a program"),
        pytest.param("rm -rf /var/parcel", "/var/parcel: `/var/parcel`", id="rm"),
    ],
)
def test_a_removal_that_is_late(rules: RuleSet, line: str, expected: str) -> None:
    source = Source("Dockerfile", f"FROM base\nRUN parcel get x\nRUN {line}\n".encode())
    (finding,) = lint(source, rules, _selection(rules, "PRC002")).findings
    assert f"{source.text(finding.span)}: {finding.message}" == f"{expected} is too late"


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        pytest.param(
            "RUN crate get x",
            "RUN --mount=type=cache,target=/root/.crate/new \\\n"
            "    --mount=type=cache,target=/root/.crate/old \\\n"
            "    crate get x",
            id="each on a line",
        ),
        pytest.param(
            'RUN ["crate", "get", "x"]',
            "RUN --mount=type=cache,target=/root/.crate/new --mount=type=cache,target=/root/.crate/old "
            '["crate", "get", "x"]',
            id="in front of an exec form",
        ),
        pytest.param(
            "RUN --mount=type=cache,target=/root/.crate/new crate get x",
            "RUN --mount=type=cache,target=/root/.crate/new --mount=type=cache,target=/root/.crate/old crate get x",
            id="one is there",
        ),
    ],
)
def test_a_mount_for_each_of_its_parts(rules: RuleSet, line: str, fixed: str) -> None:
    source = Source("Dockerfile", f"FROM base\n{line}\n".encode())
    selection = replace(_selection(rules, "CRT001"), fix_with=FixKind.MOUNT)
    (finding,) = lint(source, rules, selection).findings
    (edit,) = finding.fixes[0].edits
    text = source.data.decode()
    assert text[: edit.start] + edit.text + text[edit.end :] == f"FROM base\n{fixed}\n"


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        pytest.param("RUN crate get x", "RUN crate get x && crate tidy /root/.crate/new", id="by its name"),
        pytest.param(
            "RUN /opt/bin/crate get x",
            "RUN /opt/bin/crate get x && /opt/bin/crate tidy /opt/store/new",
            id="by its path",
        ),
        pytest.param(
            "RUN cra'te' get x", "RUN cra'te' get x && crate tidy /root/.crate/new", id="by its name in quotes"
        ),
        pytest.param("RUN '/a b/crate' get x", None, id="by a path that is not plain"),
    ],
)
def test_a_command_that_calls_it_as_it_is_called(rules: RuleSet, line: str, fixed: str | None) -> None:
    source = Source("Dockerfile", f"FROM base\n{line}\n".encode())
    (finding,) = lint(source, rules, _selection(rules, "CRT001")).findings
    text = source.data.decode()
    edits = [edit for fix in finding.fixes for edit in fix.edits]
    fixes = [text[: edit.start] + edit.text + text[edit.end :] for edit in edits]
    assert fixes == ([f"FROM base\n{fixed}\n"] if fixed is not None else [])


def _selection(rules: RuleSet, chosen: str = "PRC001") -> Selection:
    return Selection({rule.id: rule.severity for rule in rules.rules if rule.id == chosen})


def test_nothing_of_it_is_in_the_code() -> None:
    sources = Path(lint.__code__.co_filename).parent.rglob("*.py")
    assert [path.name for path in sources if "parcel" in path.read_text(encoding="utf-8").casefold()] == []
