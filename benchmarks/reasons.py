"""Why layerlint and hadolint differ on an instruction, in words, from what layerlint knows of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from layerlint.caches.build import Run
from layerlint.caches.ledger import Entry, Purpose, Verdict
from layerlint.caches.settings import Origin
from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.source.source import Source, Span

_SEPARATORS = re.compile(r"[;&|(){}\n`]|\b(?:then|do|else)\b")
# hadolint's rules about one of the programs of a tool.
_PROGRAMS = {"DL3032": "yum", "DL3040": "dnf"}
_INSTALLING = frozenset({"install", "add"})
# Those of hadolint's rules that look at one of these subcommands alone.
_SUBCOMMANDS = {"DL3060": frozenset({"install"})}
_ASSIGNMENT = re.compile(r"\w+=\S*")


def left(entry: Entry) -> bool:
    """Whether an entry of a ledger is what PIP001 reports."""
    return entry.verdict is Verdict.LEFT and entry.purpose is Purpose.FILLS


def silent(
    runs: Sequence[Run], instruction: Instruction | None, dockerfile: Dockerfile, versions: Mapping[str, str]
) -> str:
    """Why layerlint says nothing of an instruction that hadolint reports; `runs` are those of this instruction.

    `versions` are those of the tools in the image that its stage is built on.
    """
    if instruction is None:
        return "hadolint: names a line at which no instruction begins"
    entries = [entry for run in runs for entry in run.entries if entry.purpose is Purpose.FILLS]
    if entries:
        return " and ".join(sorted({_verdict(entry) for entry in entries}))
    if dockerfile.problems:
        return "layerlint: the file cannot be built"
    run = instruction.trigger or instruction
    if run.exec_form is not None:
        return "no call seen: exec form"
    if run.heredocs:
        return "no call seen: here-document"
    with_versions = [f"{tool} {version}" for tool, version in versions.items()]
    return f"no call seen with {' and '.join(with_versions)}" if with_versions else "no call seen"


def _verdict(entry: Entry) -> str:
    setting = entry.setting
    match entry.verdict:
        case Verdict.OFF if setting is not None and setting.origin is Origin.OPTION:
            written = setting.option.word.value if setting.option is not None else setting.name
            return f"off by option {written}"
        case Verdict.OFF if setting is not None:
            return f"off by {setting.origin} {setting.name}={setting.value}"
        case Verdict.MOUNTED if entry.mount is not None:
            return f"mounted: {entry.mount.type} at {entry.mount.target}"
        case Verdict.REMOVED if entry.removed_by is not None:
            return f"removed by {entry.removed_by.name} in the same RUN"
        case Verdict.ABORTED if setting is not None:
            return f"aborts: {setting.name}={setting.value}"
        case verdict:
            return str(verdict)


def reported(runs: Sequence[Run], source: Source, *, refused: bool, code: str = "") -> str:
    """Why hadolint's rule `code` says nothing of an instruction that layerlint reports.

    `refused`: hadolint cannot parse the file.
    """
    if refused:
        return "hadolint: cannot parse the file"
    run, entry = next((run, entry) for run in runs for entry in run.entries if left(entry))
    program = entry.invocation.command.name
    if program != _PROGRAMS.get(code, program):
        return f"called as {program}, of which {code} says nothing"
    spared = next((other for other in run.entries if other.purpose is Purpose.SPARES), None)
    if spared is not None:
        return f"`{spared.invocation.title}` leaves it"
    installing = _SUBCOMMANDS.get(code, _INSTALLING)
    return _of_form(run, entry, source, installing) or _of_meaning(run, entry, source)


def _of_form(run: Run, entry: Entry, source: Source, installing: Collection[str]) -> str:
    """What is unusual in the way in which the tool is called; empty if nothing is."""
    invocation = entry.invocation
    if run.instruction is not run.run:
        return "ONBUILD"
    if run.run.exec_form is not None:
        return "exec form"
    if any(heredoc.span.start <= _start(entry) < heredoc.span.end for heredoc in run.run.heredocs):
        return "here-document"
    if invocation.is_without_subcommand:
        return f"the program {invocation.name}"
    if "/" in invocation.command.words[0].value:
        return "called by its path"
    span = invocation.span
    if span is None or not source.text(span).startswith(invocation.command.words[0].value[:3]):
        return "the command stands in a variable"
    prefix = _prefix(source.text(run.run.span), span.start - run.run.span.start)
    if prefix:
        return f"behind {prefix}"
    if invocation.name in installing:
        return ""
    name = f"subcommand {invocation.name}" if invocation.name else "no subcommand"
    return f"{name}{_beside(run, entry, installing)}"


def _start(entry: Entry) -> int:
    """The offset at which the command of an entry begins; -1 if it is not in the file."""
    span = entry.invocation.span
    return span.start if span is not None else -1


def _beside(run: Run, entry: Entry, installing: Collection[str]) -> str:
    """What else the RUN does that could be taken for the whole of it."""
    if any(removed.word.span and removed.word.span.start < _start(entry) for removed in run.removed):
        return ", and something is removed before it"
    names = {other.invocation.name for other in run.entries}
    if names.isdisjoint(installing):
        return " in a RUN that installs nothing"
    if not run.stage.reaches_image:
        return " in a stage that reaches no image"
    return ", and something else is removed" if run.removed else ""


def _of_meaning(run: Run, entry: Entry, source: Source) -> str:
    """What in an ordinary call could be taken for a cache that is off or away."""
    invocation = entry.invocation
    text = source.text(run.run.span)
    if run.late:
        return "removed in a later RUN"
    if any(flag.name == "mount" and flag.value is not None and "cache" in flag.value for flag in run.run.flags):
        return f"a mount that does not cover {entry.directory}"
    if "PIP_NO_CACHE" in text:
        return "names PIP_NO_CACHE... in the RUN"
    if "--no-cache" in text:
        return "another call in the RUN has the option"
    if invocation.last(["--cache-dir"]) is not None:
        return "--cache-dir"
    if "PIP_NO_CACHE_DIR" in source.text(Span(0, run.run.span.start)):
        return "PIP_NO_CACHE_DIR above has no effect here"
    plain = f"plain {invocation.command.name} {invocation.name}"
    return plain if run.stage.reaches_image else f"{plain} in a stage that reaches no image"


def _prefix(text: str, start: int) -> str:
    """What stands in front of a command in its list: the wrappers, without values that are one file's own."""
    front = text[:start]
    cut = max((match.end() for match in _SEPARATORS.finditer(front)), default=len("RUN"))
    words = [word for word in front[cut:].replace("\\", " ").split() if not word.startswith("--mount")]
    if words and words[0].upper() == "RUN":
        words = words[1:]
    words = ["NAME=value" if _ASSIGNMENT.fullmatch(word) else word for word in words]
    return " ".join(words[:4])
