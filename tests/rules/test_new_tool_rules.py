"""What the rules of a package manager that nobody has heard of find, and how they mend it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from layerlint.finding import FixKind
from layerlint.linting import lint
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.rules.selection import Selection
from layerlint.source.source import Source
from tests.rules.new_tool import RULE, TOOL, new_tool_rules


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    return new_tool_rules(tmp_path_factory.mktemp("rules"))


def test_a_tool_is_called_as_it_is_written(rules: RuleSet) -> None:
    report = lint(Source("Dockerfile", b"FROM base\nRUN parcelx --offline tool\n"), rules, _selection(rules))
    assert [finding.message for finding in report.findings] == ["`parcelx` leaves parcel's crates in /var/parcel"]


def test_a_rule_of_the_caches_of_any_tool(tmp_path: Path) -> None:
    any_tool = (
        RULE.replace("tool: parcel, cache-name: crates, ", "").replace("PRC001", "ANY001").replace("parcel-", "any-")
    )
    (tmp_path / "any.yaml").write_text(any_tool)
    rules = new_tool_rules(tmp_path)
    source = Source("Dockerfile", b"FROM base\nRUN parcel get x\nRUN crate get x\nRUN pip install x\nRUN true\n")
    findings = lint(source, rules, _selection(rules, "ANY001", "PRC001")).findings
    assert [f"{source.position(finding.span.start).line} {finding.rule}" for finding in findings] == [
        "2 ANY001",
        "2 PRC001",
        "3 ANY001",
        "4 ANY001",
    ]


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


def _selection(rules: RuleSet, *chosen: str) -> Selection:
    return Selection({rule.id: rule.severity for rule in rules.rules if rule.id in (chosen or ("PRC001",))})


def test_a_program_that_perhaps_empties_is_given_no_options(tmp_path: Path) -> None:
    (tmp_path / "tool.yaml").write_text(TOOL)
    emptying = RULE.replace("insert-option: --no-store", "append-command: parcel store clean --force")
    (tmp_path / "rule.yaml").write_text(emptying)
    rules = load([tmp_path])
    source = Source("Dockerfile", b"FROM base\nRUN parcel get x && if b; then parcelclean; fi\n")
    (finding,) = lint(source, rules, _selection(rules)).findings
    assert [edit.text for fix in finding.fixes for edit in fix.edits] == [" && parcel store clean --force"]


def test_a_program_without_subcommands_has_no_place_for_an_option(tmp_path: Path) -> None:
    clean = "      - {program: [parcelclean]}\n"
    (tmp_path / "tool.yaml").write_text(
        TOOL.replace(clean, "").replace("[{subcommand: [store clean]}]", "[{program: [parcelclean]}]")
    )
    (tmp_path / "rule.yaml").write_text(RULE.replace("insert-option: --no-store", "complete-with: --force"))
    rules = load([tmp_path])
    (finding,) = lint(
        Source("Dockerfile", b"FROM base\nRUN parcel get x && parcelclean\n"), rules, _selection(rules)
    ).findings
    assert finding.unfixable == "no later command of the RUN looks as if it emptied the cache"
