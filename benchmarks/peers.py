"""The other linters: how to call them, what they refuse to read, and what they say of caches."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

TOOLS_VARIABLE = "LAYERLINT_PEERS"

Place = tuple[str, int]
"""A path as it was given, and the first line of an instruction."""

HADOLINT_RULE = "DL3042"
HADOLINT_UNPARSED = "DL1000"
TALLY_RULE = "tally/prefer-package-cache-mounts"
TALLY_FOR_PIP = "/pip"  # of the directories that it says to mount

# Slow checks ask registries and run for seconds: off, as in continuous integration without a network.
TALLY = ("lint", "--no-config", "--slow-checks", "off", "--fail-level", "none", "--format", "json")
TALLY_ONE_RULE = (*TALLY, "--ignore", "*", "--select", TALLY_RULE)
HADOLINT = ("--no-fail", "--config", os.devnull, "--format", "json")
_NAMED = re.compile(r"^Error: (?:failed to lint )?(.+?)(?::\d+)*: ", re.MULTILINE)

# A command line may be this long (in bytes), of what the system allows with the environment.
_LINE_LENGTH = min(os.sysconf("SC_ARG_MAX") // 2, 1_000_000)


class NotInstalledError(Exception):
    """A peer that is nowhere; the message says how to get it."""


def find(name: str, folder: str | None = None) -> str:
    """The path of a peer's program: in `folder`, in that of LAYERLINT_PEERS, or on PATH. Raises NotInstalledError."""
    for place in (folder, os.environ.get(TOOLS_VARIABLE), None):
        found = shutil.which(name, path=place)
        if found:
            return found
    raise NotInstalledError(f"{name} is not there; pip install -r benchmarks/requirements.txt, then --tools BIN-FOLDER")


def version(program: str) -> str:
    """What a program calls its version."""
    argument = "version" if Path(program).name == "tally" else "--version"
    said = subprocess.run([program, argument], capture_output=True, text=True, check=True).stdout
    numbers = re.search(r"\d+(\.\d+)+", said)
    return numbers[0] if numbers else said.strip()


def batches(paths: Sequence[str]) -> Iterator[list[str]]:
    """The paths in as few command lines as the system allows."""
    batch: list[str] = []
    length = 0
    for path in paths:
        size = len(os.fsencode(path)) + 1
        if batch and length + size > _LINE_LENGTH:
            yield batch
            batch, length = [], 0
        batch.append(path)
        length += size
    if batch:
        yield batch


def tally_reads(program: str, paths: Sequence[str]) -> list[str]:
    """Those of the files that tally can parse: at the first other it ends, without a word on the rest.

    Each such run names one file. With all rules off it costs no more than the parsing.
    """
    reads: list[str] = []
    for batch in batches(paths):
        left = batch
        while left:
            ended = subprocess.run(
                [program, *TALLY, "--ignore", "*", *left], capture_output=True, text=True, check=False
            )
            if ended.returncode == 0:
                break
            refused = unparsed(ended.stderr, left)
            left = [path for path in left if path != refused]
        reads.extend(left)
    return reads


def unparsed(said: str, paths: Sequence[str]) -> str:
    """Which of `paths` tally's error message is about. Raises ValueError when it is none of them."""
    named = {match[1] for match in _NAMED.finditer(said)}
    for path in paths:
        if path in named:
            return path
    raise ValueError(f"tally names no file: {said.strip()[:300]}")


def hadolint_findings(report: str, code: str = HADOLINT_RULE) -> tuple[set[Place], set[str]]:
    """Where hadolint's JSON report has its rule `code`, and which files it could not parse."""
    places: set[Place] = set()
    refused: set[str] = set()
    for finding in json.loads(report):
        if finding["code"] == code:
            places.add((finding["file"], finding["line"]))
        elif finding["code"] == HADOLINT_UNPARSED:
            refused.add(finding["file"])
    return places, refused


def tally_findings(report: str) -> set[Place]:
    """What tally's JSON report says of pip's cache."""
    return {
        (file["file"], violation["location"]["start"]["line"])
        for file in json.loads(report)["files"]
        for violation in file["violations"]
        if violation["rule"] == TALLY_RULE and TALLY_FOR_PIP in violation.get("detail", "")
    }


def _output(command: Sequence[str]) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with status {ended.returncode}: {ended.stderr.strip()[:500]}")
    return ended.stdout


def run_hadolint(program: str, paths: Sequence[str], code: str = HADOLINT_RULE) -> tuple[set[Place], set[str]]:
    """Where hadolint reports its rule `code`, and the files that it cannot parse. Comments silence nothing."""
    return hadolint_findings(hadolint_report(program, paths), code)


def hadolint_report(program: str, paths: Sequence[str]) -> str:
    """Hadolint's JSON report on these files, with all of its rules. Comments silence nothing."""
    commands = ([program, *HADOLINT, "--disable-ignore-pragma", *batch] for batch in batches(paths))
    return json.dumps([finding for command in commands for finding in json.loads(_output(command))])


def run_tally(program: str, paths: Sequence[str]) -> tuple[set[Place], set[str]]:
    """Where tally reports pip's cache, and the files that it cannot parse. Comments silence nothing."""
    reads = tally_reads(program, paths)
    places: set[Place] = set()
    for batch in batches(reads):
        command = [program, *TALLY_ONE_RULE, "--no-inline-directives", *batch]
        places |= tally_findings(_output(command))
    return places, set(paths).difference(reads)
