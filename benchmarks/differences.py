"""The instructions on which a rule of hadolint's and layerlint's rule of the same alias differ, by reason.

python -m benchmarks.differences FOLDER ... [--code DL3042] [--reason TEXT] [--tools BIN-FOLDER] [--report JSON]
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from benchmarks import peers, reasons
from benchmarks.compare import files_in
from layerlint.caches.build import Run, read_runs
from layerlint.dockerfile.instruction import Dockerfile
from layerlint.dockerfile.parser import parse
from layerlint.finding import FileError
from layerlint.rules.loading import load
from layerlint.rules.ruleset import RuleSet
from layerlint.shell.syntax import NestingTooDeepError
from layerlint.system.reading import read

EXAMPLES = 3

Groups = Mapping[str, list[peers.Place]]


def tools_of(rules: RuleSet, code: str) -> frozenset[str]:
    """The tools that the rule with the alias `code` speaks of. Raises LookupError when there is no such rule."""
    rule = rules.names.named(code)
    if rule is None:
        raise LookupError(f"no rule has the alias {code}")
    return frozenset(case.when.tool for case in rule.all_cases if case.when.tool is not None)


def runs_by_line(dockerfile: Dockerfile, rules: RuleSet, tools: frozenset[str]) -> Mapping[int, list[Run]]:
    """The RUNs that could use a cache by the line of their instruction, with what they do to caches of `tools`."""
    by_line: dict[int, list[Run]] = defaultdict(list)
    with suppress(NestingTooDeepError):
        for run in read_runs(dockerfile, rules.knowledge):
            entries = tuple(entry for entry in run.entries if entry.invocation.tool.tool in tools)
            by_line[run.instruction.line].append(replace(run, entries=entries))
    return by_line


def _versions(runs: Sequence[Run], rules: RuleSet) -> Mapping[str, str]:
    """The versions of tools in the image that the stage of some RUNs is built on, as far as they are known."""
    stage = runs[0].stage if runs else None
    while stage is not None and stage.parent is not None:
        stage = stage.parent
    return rules.knowledge.images.versions(stage.base or "") if stage is not None else {}


def reported_lines(by_line: Mapping[int, list[Run]]) -> set[int]:
    """The lines on which a cache is left."""
    return {line for line, own in by_line.items() if any(reasons.left(entry) for run in own for entry in run.entries)}


def differences(
    paths: Iterable[str],
    rules: RuleSet,
    theirs: set[peers.Place],
    refused: set[str],
    code: str = peers.HADOLINT_RULE,
) -> tuple[Groups, Groups, int]:
    """Where only hadolint reports, where only layerlint does, both by reason, and how many both report."""
    only_hadolint: dict[str, list[peers.Place]] = defaultdict(list)
    only_layerlint: dict[str, list[peers.Place]] = defaultdict(list)
    both = 0
    tools = tools_of(rules, code)
    for path in paths:
        source = read(path)
        if isinstance(source, FileError):
            continue
        dockerfile = parse(source)
        by_line = runs_by_line(dockerfile, rules, tools)
        instructions = {instruction.line: instruction for instruction in dockerfile.instructions}
        ours = reported_lines(by_line)
        said = {line for file, line in theirs if file == path} if path not in refused else set()
        both += len(ours & said)
        for line in sorted(said - ours):
            runs = by_line.get(line, [])
            versions = {tool: version for tool, version in _versions(runs, rules).items() if tool in tools}
            reason = reasons.silent(runs, instructions.get(line), dockerfile, versions)
            only_hadolint[reason].append((path, line))
        for line in sorted(ours - said):
            reason = reasons.reported(by_line[line], source, refused=path in refused, code=code)
            only_layerlint[reason].append((path, line))
    return only_hadolint, only_layerlint, both


def show(title: str, groups: Groups, wanted: str | None) -> None:
    """Print the groups, the largest first: three places of each, or all of those that were asked for."""
    print(f"\n{title}: {sum(len(places) for places in groups.values())}")
    for reason, places in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        if wanted is not None and wanted not in reason:
            continue
        print(f"{len(places):6} {reason}")
        for path, line in places if wanted is not None else places[:EXAMPLES]:
            print(f"         {path}:{line}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the differences. The status is 2 when hadolint is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.differences")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--code", default=peers.HADOLINT_RULE, help="hadolint's rule (default: %(default)s)")
    parser.add_argument("--reason", help="list all places of the reasons with this text in them")
    parser.add_argument("--tools", help="the folder with hadolint's program")
    parser.add_argument("--report", type=Path, help="hadolint's JSON report on the same paths, made before")
    options = parser.parse_args(arguments)
    paths = [path for folder in options.folders for path in files_in(folder)]
    try:
        if options.report is not None:
            theirs, refused = peers.hadolint_findings(options.report.read_text(encoding="utf-8"), options.code)
        else:
            theirs, refused = peers.run_hadolint(peers.find("hadolint", options.tools), paths, options.code)
    except peers.NotInstalledError as error:
        print(error, file=sys.stderr)
        return 2
    only_hadolint, only_layerlint, both = differences(paths, load(), theirs, refused, options.code)
    print(f"{len(paths)} files, {len(refused)} of them hadolint cannot parse; both report {both} instructions")
    show("Only hadolint reports", only_hadolint, options.reason)
    show("Only layerlint reports", only_layerlint, options.reason)
    return 0


if __name__ == "__main__":
    sys.exit(main())
