"""The fix that joins a RUN which fills a cache with those behind it that use it, and empties the cache there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from layerlint.caches.build import Run
from layerlint.caches.ledger import Entry, Purpose
from layerlint.dockerfile.instruction import Instruction
from layerlint.edits.appending import first_break, first_separator
from layerlint.edits.layout import LINE_LENGTH, line_start, lines_of, remove_joined_lines
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.rules.facts.cache_facts import UseFact
from layerlint.rules.facts.scene import Scene, upwards
from layerlint.rules.fixes.command_fixes import addition_to, filled_in, wrapper_for
from layerlint.rules.fixes.use_refusals import refuse_if_beside
from layerlint.shell.plain_syntax import read_plain_script
from layerlint.source.source import Source, Span
from layerlint.startup.lazy_pattern import lazy_pattern

_AND = " && "
_BREAK = lazy_pattern(r"\A\s*[\\`]?\s*&&\s*")


def join_next(template: str, fact: UseFact, values: Mapping[str, str], scene: Scene) -> tuple[Edit, ...]:
    """The RUN joined with those behind it up to the last one that uses the cache, and the command of `template` there.

    `values` are the fact's. Raises `CannotFixError`.
    """
    command = filled_in(template, fact, values, scene)
    *moved, last = _joined(fact, scene)
    for run in moved:
        _refuse_more(run, fact, scene)
    refuse_if_beside(fact, scene)
    at = fact.uses.last_in(last, fact.entry)
    # Who may use what is in the cache may empty it: that needs root for both.
    source, wrapper = scene.source, wrapper_for(UseFact(last, at, last.entries[at], fact.uses), scene)
    is_emptied = _is_emptied(fact, last)
    separator = _separator(moved, last, 0 if is_emptied else len(_AND + wrapper + command), scene)
    text = "".join(source.text(_script_of(run)) + separator for run in moved)
    gone = [remove_joined_lines(lines, source) for lines in _paragraphs(moved, source)]
    start = _script_of(last).start
    edits = (*gone, Edit(start, start, text))
    if is_emptied:
        return edits
    emptying = addition_to(last, wrapper, command, scene, in_front=len(text)).edit
    if separator != _AND and _written_separator([last], scene) is None:
        # As the others are: where the last RUN says nothing of it, it would be laid out by itself.
        emptying = replace(emptying, text=_BREAK.sub(lambda _: separator, emptying.text))
    return (*edits, emptying)


def _paragraphs(runs: Iterable[Run], source: Source) -> Sequence[Span]:
    """The lines of some RUNs; those of RUNs of which one stands on the line below the other, together."""
    found: list[Span] = []
    for run in runs:
        lines = lines_of(run.instruction.span, source)
        if found and lines.start == found[-1].end + 1:
            lines = Span(found.pop().start, lines.end)
        found.append(lines)
    return found


def _joined(fact: UseFact, scene: Scene) -> Sequence[Run]:
    """The RUN of a fact and those behind it, up to the last one that needs what it has left in the cache.

    Of each all commands run unless one fails, and nothing is between them.
    """
    uses = scene.remembered(_uses, None, lambda: _uses(scene.runs))
    own = uses.get((fact.run.stage.index, fact.entry.directory), [])
    needed = 0
    start = bisect_right(own, fact.run.instruction.span.start, key=lambda each: each[0])
    for offset, entry in (own[at] for at in range(start, len(own))):
        if entry is None:
            break
        needed, later = offset, entry
    if not needed:
        raise CannotFixError("no later RUN needs it")
    runs = [fact.run]
    for instruction in scene.behind(fact.run.instruction):
        if instruction.span.start > needed:
            break
        run = scene.run_of(instruction)
        if run is None and instruction.keyword == "RUN":
            raise _does_more(instruction, fact, scene)
        if run is None:
            raise CannotFixError(f"{scene.said_of(later)} needs it, and there is more than RUNs before that")
        runs.append(run)
    for run in runs:
        if _commands_in(run) is None:
            line = scene.source.line_at(run.instruction.span.start)
            raise CannotFixError(f"the RUN in line {line} does more than run commands joined by `&&`")
    return runs


def _commands_in(run: Run) -> int | None:
    """How many commands a RUN is written as, where each runs if those before it have succeeded; None elsewhere."""
    instruction = run.run
    if run.instruction is not instruction or instruction.flags or instruction.heredocs or instruction.exec_form:
        return None
    lists = read_plain_script(instruction.text)
    if lists is None or len(lists) != 1 or any(operator not in {"", "&&"} for operator, _ in lists[0]):
        return None
    return sum(len(pipeline) for _, pipeline in lists[0])


def _refuse_more(run: Run, fact: UseFact, scene: Scene) -> None:
    """Raises `CannotFixError` unless a RUN does no more than call the tool, and says no more.

    The one that fills the cache may do before that what it needs for it.
    """
    invocation, place = fact.entry.invocation, _script_of(run)
    names, commands = invocation.tool.names, run.commands
    if run is fact.run:
        commands = commands[next(at for at, each in enumerate(commands) if each is invocation.command) + 1 :]
    # What a shell does by itself (`cd`, `export`) is no command that is started, and would count for the next RUN too.
    if _commands_in(run) != len(run.commands) or any(command.name not in names for command in commands):
        raise _does_more(run.instruction, fact, scene)
    if b"#" in scene.source.data[place.start : place.end]:
        line = scene.source.line_at(run.instruction.span.start)
        raise CannotFixError(f"there is a comment in the RUN in line {line}")


def _does_more(run: Instruction, fact: UseFact, scene: Scene) -> CannotFixError:
    line = scene.source.line_at(run.span.start)
    return CannotFixError(f"the RUN in line {line} does more than call {fact.entry.invocation.tool.tool}")


def _script_of(run: Run) -> Span:
    """Where the commands of a RUN stand."""
    span = run.run.text.source_span(0, len(run.run.text.data))
    if span is None:
        raise CannotFixError("the commands do not stand in the file as such")
    return span


def _is_emptied(fact: UseFact, following: Run) -> bool:
    """Whether the next RUN empties the cache already, behind all that use it."""
    late = fact.run.late.get(fact.index)
    if late is None:
        return False
    order = {id(command): index for index, command in enumerate(following.commands)}
    last = following.entries[fact.uses.last_in(following, fact.entry)].invocation.command
    return order.get(id(late.command), -1) > order[id(last)]


def _uses(runs: Iterable[Run]) -> Mapping[tuple[int, str], Sequence[tuple[int, Entry | None]]]:
    """By stage and directory what needs the content of the cache there, in the stage or one that is built on it.

    With each stands the offset of its RUN. None stands for what fills the cache anew.
    """
    found: dict[tuple[int, str], list[tuple[int, Entry | None]]] = {}
    for run in runs:
        for entry in run.entries:
            needs = entry.purpose is Purpose.USES
            if needs or (entry.purpose is Purpose.FILLS and entry.invocation.command.branch.always):
                for stage in upwards(run.stage):
                    of_place = found.setdefault((stage.index, entry.directory), [])
                    of_place.append((run.instruction.span.start, entry if needs else None))
    return found


def _separator(moved: Sequence[Run], last: Run, more: int, scene: Scene) -> str:
    """What stands between the commands of RUNs that are joined, at whose end come `more` characters.

    It is what stands between others of theirs that are on different lines; without those, a line break only where the
    line would be too long, or one of them has one already.
    """
    written = _written_separator((*moved, last), scene)
    if written is not None:
        return written
    *places, end = [_script_of(run) for run in (*moved, last)]
    texts = [scene.source.text(place) for place in places]
    broken = next((place for place, text in zip(places, texts, strict=True) if "\n" in text), None)
    if broken is None:
        width = end.end - line_start(scene.source, end.start) + sum(len(text + _AND) for text in texts) + more
        if width <= LINE_LENGTH or "\n" in scene.source.text(end):
            return _AND
    return first_break("&&", broken or end, LINE_LENGTH, scene.dockerfile.escape, scene.source)


def _written_separator(runs: Iterable[Run], scene: Scene) -> str | None:
    """What stands between two commands of the first of some RUNs that has them on different lines."""
    broken = (run for run in runs if "\n" in scene.source.text(_script_of(run)))
    written = (first_separator(run.run.text, scene.source) for run in broken)
    return next((separator for separator in written if separator is not None and "\n" in separator), None)
