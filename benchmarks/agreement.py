"""How often layerlint, hadolint and tally say of pip's cache what real builds leave in the image.

python -m benchmarks.agreement [tests/oracle/cases] [--tools BIN-FOLDER] [--wrong TOOL]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks import peers
from benchmarks.table import percent, table
from layerlint.dockerfile.parser import parse
from layerlint.source.source import Source

OUR_RULES = frozenset({"PIP001", "PIP004"})
"""Those that say that pip's cache stays: filled by the call itself, or by one that it starts."""
IMAGES = Path(__file__).resolve().parents[1] / "tests" / "oracle" / "base" / "images.yaml"
"""What the base image of the cases brings."""


@dataclass(frozen=True, slots=True)
class Case:
    """A Dockerfile and the truth: the lines to report, and those that a linter may report or not.

    A COPY that takes a cache along is no place for a finding: the RUN that filled the cache is. What only a stage
    wastes that reaches no image may be reported: it is true, and not of the image.
    """

    name: str
    family: str
    dockerfile: str
    context: Mapping[str, str]
    left: frozenset[int]
    either: frozenset[int]
    decidable: bool


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a tool says of the cases: the lines it reports by case, and the cases that it cannot parse."""

    tool: str
    lines: Mapping[str, frozenset[int]]
    refused: frozenset[str]


def read_cases(folder: Path) -> list[Case]:
    """Every case of the YAML files in `folder`. Keys that are not known here are of no matter here."""
    cases: list[Case] = []
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
            carried = entry.get("carried-from") or {}
            leaves = entry.get("says", entry["leaves"])
            left = frozenset(line for copy in leaves for line in carried.get(copy, (copy,)))
            cases.append(
                Case(
                    name=entry["name"],
                    family=path.stem,
                    dockerfile=entry["dockerfile"],
                    context=entry.get("context") or {},
                    left=left,
                    either=frozenset(entry.get("wasted", ())) - left,
                    decidable="unknown" not in entry,
                )
            )
    return cases


def write(cases: Sequence[Case], folder: Path) -> dict[str, str]:
    """The cases as files, each in a folder of its own with its build context; path to name."""
    paths: dict[str, str] = {}
    for case in cases:
        home = folder / case.name
        home.mkdir()
        for name, text in case.context.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes(text.encode())
        (home / "Dockerfile").write_bytes(case.dockerfile.encode())
        paths[str(home / "Dockerfile")] = case.name
    return paths


def run_layerlint(paths: Sequence[str]) -> tuple[set[peers.Place], set[str]]:
    """Where layerlint reports pip's cache, and the files that it says cannot be built.

    It is told who the users of the base image are, which only it can be told.
    """
    places: set[peers.Place] = set()
    refused: set[str] = set()
    for batch in peers.batches(paths):
        command = [
            sys.executable,
            "-m",
            "layerlint",
            "check",
            "--isolated",
            "--rules",
            str(IMAGES),
            "--format",
            "json",
            *batch,
        ]
        report = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
        refused |= {error["path"] for error in report["errors"]}
        places |= {
            (finding["path"], finding["instruction"]["line"])
            for finding in report["findings"]
            if finding["rule"] in OUR_RULES and finding["instruction"] is not None
        }
    return places, refused


def ask(paths: Mapping[str, str], tools: str | None) -> list[Verdicts]:
    """What each tool says. Raises NotInstalledError."""
    answers: list[Verdicts] = []
    given = list(paths)
    for tool in ("layerlint", "hadolint", "tally"):
        if tool == "layerlint":
            places, refused = run_layerlint(given)
        elif tool == "hadolint":
            places, refused = peers.run_hadolint(peers.find(tool, tools), given)
        else:
            places, refused = peers.run_tally(peers.find(tool, tools), given)
        lines: dict[str, set[int]] = {name: set() for name in paths.values()}
        for path, line in places:
            lines[paths[path]].add(line)
        frozen = {name: frozenset(found) for name, found in lines.items()}
        answers.append(Verdicts(tool, frozen, frozenset(paths[path] for path in refused)))
    return answers


def runs_of(case: Case) -> frozenset[int]:
    """The first lines of the RUNs of a case (of an ONBUILD's too)."""
    return frozenset(
        instruction.line
        for instruction in parse(Source(case.name, case.dockerfile.encode())).instructions
        if (instruction.trigger or instruction).keyword == "RUN"
    )


def agrees(case: Case, said: frozenset[int]) -> bool:
    """Whether a tool says of a case what is true."""
    return said - case.either == case.left - case.either


def summary(cases: Sequence[Case], answers: Sequence[Verdicts]) -> str:
    """The table: cases, then RUNs; missed is what a tool is silent on, needless what it reports for nothing."""
    rows: list[list[str]] = []
    decidable = [case for case in cases if case.decidable]
    runs = {case.name: runs_of(case) - case.either for case in decidable}
    total = sum(len(lines) for lines in runs.values())
    for answer in answers:
        said = {case.name: answer.lines.get(case.name, frozenset()) for case in decidable}
        right = sum(agrees(case, said[case.name]) for case in decidable)
        missed = sum(len((case.left - said[case.name]) & runs[case.name]) for case in decidable)
        needless = sum(len((said[case.name] - case.left) & runs[case.name]) for case in decidable)
        rows.append([
            answer.tool,
            f"{right} of {len(decidable)}",
            percent(right, len(decidable)),
            f"{total - missed - needless} of {total}",
            percent(total - missed - needless, total),
            str(missed),
            str(needless),
            str(len(answer.refused)),
        ])  # fmt: skip
    return table(["tool", "cases", "", "RUNs", "", "missed", "needless", "not parsed"], rows)


def families(cases: Sequence[Case], answers: Sequence[Verdicts]) -> str:
    """The share of right cases by family."""
    rows: list[list[str]] = []
    for family in sorted({case.family for case in cases}):
        own = [case for case in cases if case.family == family and case.decidable]
        rights = [sum(agrees(case, answer.lines.get(case.name, frozenset())) for case in own) for answer in answers]
        rows.append([family, str(len(own)), *(percent(right, len(own)) for right in rights)])
    return table(["family", "cases", *(answer.tool for answer in answers)], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the agreement. The status is 2 when a tool or the cases are missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement")
    parser.add_argument("cases", type=Path, nargs="?", default=Path("tests/oracle/cases"))
    parser.add_argument("--tools", help="the folder with the programs hadolint and tally")
    parser.add_argument("--wrong", metavar="TOOL", help="list the cases that this tool gets wrong")
    options = parser.parse_args(arguments)
    cases = read_cases(options.cases)
    if not cases:
        print(f"no cases in {options.cases}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        try:
            answers = ask(write(cases, Path(scratch)), options.tools)
        except peers.NotInstalledError as error:
            print(error, file=sys.stderr)
            return 2
    undecidable = sum(not case.decidable for case in cases)
    print(f"{len(cases)} cases; {undecidable} that no linter can decide from the file count for nobody\n")
    print(summary(cases, answers))
    print()
    print(families(cases, answers))
    for answer in answers:
        if answer.tool == options.wrong:
            for case in cases:
                said = answer.lines.get(case.name, frozenset())
                if case.decidable and not agrees(case, said):
                    print(f"{case.family}/{case.name}: left {sorted(case.left)}, reported {sorted(said)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
