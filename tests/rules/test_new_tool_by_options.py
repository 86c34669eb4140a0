"""A made-up package manager whose subcommands are options, and whose cache is needed by what comes after."""

from __future__ import annotations

import pytest

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.finding import FixKind
from layerlint.fixing.fixer import fix_until_stable
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import Selection
from layerlint.source.source import Source

TOOL = """\
tool: crane
names: [crane, crane2]
subcommand-options: [-G, --get, -R, --remove]
options:
  switches: [-c, --clean, -y, --refresh, -s, --sure, -u]
  values: [-d, --directory]
caches:
  - name: boxes
    title: crane's boxes
    filled-by: [{subcommand: [-G, --get], without-option: [-c, --clean], needs-argument-or: [-u]}]
    at: [{path: /var/crane2, program: [crane2]}, {path: /var/crane, other-versions-at: [/var/crane2]}]
    emptied-by:
      - {subcommand: [-G, --get], with-option: ["-c*2"], input-from: ["yes"]}
      - {subcommand: [-G], with-option: ["-c*3"]}
    spared-by: [{subcommand: [-G, --get], with-option: [-c, --clean]}]
  - name: list
    title: crane's list
    filled-by: [{subcommand: [-G, --get], with-option: [-y]}]
    at: [path: /var/list]
    used-by: [{subcommand: [-G, --get], without-option: [-c]}]
"""
RULE = """\
id: CRN001
name: crane-cache-in-layer
severity: warning
summary: what crane fetches stays in a layer
message: "`{command}` leaves {cache} in {directory}"
advice: Remove it.
note: |
  It makes it bigger.
cases:
  - when: {tool: crane, cache-name: boxes, cache: [left], spared: true}
    message: "`{command}` leaves {cache} in {directory}, whatever follows"
    fixes: []
  - when: {tool: crane, cache-name: boxes, cache: [left]}
  - when: {tool: crane, cache-name: list, cache: [left]}
    fixes:
      - {title: Take it out, safety: safe, remove: command}
      - {title: Remove the list, safety: safe, append-command: "rm -rf {directory}"}
      - {title: Mount caches, safety: safe, add-mount: {target: ["{directory}", /var/lists], sharing: locked}}
fixes:
  - {title: Empty it, safety: safe, append-command: "{program} -Gccc"}
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "tool.yaml").write_text(TOOL)
    (folder / "rule.yaml").write_text(RULE)
    return load([folder])


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("crane -G x", ["-G fills left", "-G uses left"], id="a subcommand"),
        pytest.param("crane -Gy x", ["-G fills left", "-G fills left", "-G uses left"], id="with another letter"),
        pytest.param("crane -ds /d --get x", ["--get fills left", "--get uses left"], id="behind another option"),
        pytest.param("crane -Gs", ["-G uses left"], id="without an argument"),
        pytest.param("crane -R x", [], id="another subcommand"),
        pytest.param("crane x", [], id="none"),
        pytest.param("yes | crane -Gcc", ["-G empties left"], id="an option twice, and an answer"),
        pytest.param("yes | crane -Gc", ["-G spares left"], id="once"),
        pytest.param("crane -Gcc", ["-G spares left"], id="no answer"),
        pytest.param("no | crane -Gcc", ["-G spares left"], id="another answer"),
    ],
)
def test_subcommands_that_are_options(rules: RuleSet, command: str, expected: list[str]) -> None:
    (run,) = read_runs(parse(Source("Dockerfile", f"FROM base\nRUN {command}\n".encode())), rules.knowledge)
    assert [f"{each.invocation.name} {each.purpose} {each.verdict}" for each in run.entries] == expected


@pytest.mark.parametrize(
    ("command", "directory"), [("crane -G x", "/var/crane"), ("crane2 -G x", "/var/crane2")], ids=["one", "the other"]
)
def test_a_place_for_each_name(rules: RuleSet, command: str, directory: str) -> None:
    (run,) = read_runs(parse(Source("Dockerfile", f"FROM base\nRUN {command}\n".encode())), rules.knowledge)
    assert run.entries[0].directory == directory


@pytest.mark.parametrize(
    ("fix_with", "before", "after"),
    [
        pytest.param(FixKind.FLAG, "RUN crane2 -G x", "RUN crane2 -G x && crane2 -Gccc", id="the name that is used"),
        pytest.param(FixKind.FLAG, "RUN crane -G x && crane -Gc", None, id="what looks as if it did"),
        pytest.param(
            FixKind.FLAG,
            "RUN crane -Gy && crane -G x && rm -rf /var/crane",
            "RUN crane -Gy && crane -G x && rm -rf /var/crane /var/list",
            id="something needs the list",
        ),
        pytest.param(
            FixKind.FLAG,
            "RUN crane -Gyc && crane -Gyc && true",
            "RUN crane -Gyc && true",
            id="another one fetches it again",
        ),
        pytest.param(FixKind.FLAG, "RUN crane -Gyc\nRUN crane -G x && rm -rf /var/crane", None, id="for later"),
        pytest.param(FixKind.MOUNT, "RUN crane -Gyc\nRUN crane -G x && rm -rf /var/crane", None, id="no mount either"),
        pytest.param(
            FixKind.MOUNT,
            "RUN crane -Gyc && crane -Gs",
            "RUN --mount=type=cache,target=/var/list,sharing=locked \\\n"
            "    --mount=type=cache,target=/var/lists,sharing=locked \\\n"
            "    crane -Gyc && crane -Gs",
            id="two mounts",
        ),
    ],
)
def test_its_fixes(rules: RuleSet, fix_with: FixKind, before: str, after: str | None) -> None:
    severities = {rule.id: rule.severity for rule in rules.rules if rule.id == "CRN001"}
    selection = Selection(severities, fix_with=fix_with)
    source = Source("Dockerfile", f"FROM base\n{before}\n".encode())
    fixed = fix_until_stable(source, lambda each: lint(each, rules, selection), unsafe=True)
    assert fixed.source.data.decode() == f"FROM base\n{after or before}\n"
