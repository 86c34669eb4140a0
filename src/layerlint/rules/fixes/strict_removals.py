"""What fails once nothing fills a cache any more: changed together with the filling, or why that must stay."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from layerlint.caches.build import Run
from layerlint.caches.copies import sources_of
from layerlint.caches.ledger import FILLING, Entry, Verdict, covers
from layerlint.caches.paths import is_below, literal, pattern_covers
from layerlint.caches.removal import Removed, Remover, insists, removed_by
from layerlint.dockerfile.stages import Stage
from layerlint.edits.refusal import CannotFixError
from layerlint.edits.words import insert_after, replace_words
from layerlint.finding import Edit
from layerlint.rules.facts.cache_facts import UseFact
from layerlint.rules.facts.scene import Scene, by_stage
from layerlint.shell.word import shown
from layerlint.source.source import encode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

# Behind a command whose failure is of no account.
_OR = lazy_pattern(rb"(?:[ \t]|[\\`][ \t]*\r?\n|[0-9&]*>>?[ \t]*[^\s;&|]+)*\|\|")
# What is mended for each use of a cache that they are behind; people write a few.
_MAX_BEHIND = 50
# XDG Base Directory Specification: the directory in a home that holds caches and nothing else.
_CACHES = "/.cache"

_Place = tuple[int, int]
"""A command, by the index of its RUN and its own in that."""


@dataclass(frozen=True, slots=True)
class _StrictRemoval:
    """A path whose removal fails where there is nothing, and stops the build.

    `clears` are the tools whose caches it removes in its own RUN: for these there is something.
    """

    item: Removed
    remover: Remover
    run: Run
    place: _Place
    clears: frozenset[str]

    def needs(self, entry: Entry) -> bool:
        """Whether there may be nothing to remove once a command does not fill its cache."""
        path, directory = self.item.path, entry.directory
        if any(is_below(directory, each.asks) for each in self.item.command.branch.conditions):
            return False  # it runs if the directory is there
        if self.remover.expression is not None:  # it needs where it begins, and nothing in that
            start = self.item.start
            return _is_for_cache(start, entry) and not (start == directory and _is_brought(entry))
        return covers([self.item], directory) or is_below(path, directory)


def for_one_command(fact: UseFact, scene: Scene, *, is_mended: bool) -> tuple[Edit, ...]:
    """The edits that go with a fix that keeps the cache of `fact` out of its layer.

    `is_mended` says that the fix looks after the other commands of the RUN. Raises `CannotFixError`.
    """
    run, entry = fact.run, fact.entry
    _refuse_if_copied(run, fact.index, scene)
    removals = _in_need(run.stage, entry, scene)
    if not removals:
        return ()
    place = _places(scene)[id(entry.invocation.command)]
    edits: list[Edit] = []
    for removal in _behind(removals, place, fact):
        if not removal.clears and not (is_mended and removal.run is run):
            edits += _mended(removal, scene)
    return tuple(dict.fromkeys(edits))


def _behind(removals: Sequence[_StrictRemoval], place: _Place, fact: UseFact) -> list[_StrictRemoval]:
    """The removals behind a use of a cache, up to one that leaves nothing for the next. Raises `CannotFixError`."""
    found: list[_StrictRemoval] = []
    for removal in islice(removals, bisect_right(removals, place, key=lambda removal: removal.place), None):
        found.append(removal)
        is_certain = removal.item.command.branch.always and removal.run.stage is fact.run.stage
        if is_certain and is_below(fact.entry.directory, removal.item.path):
            break
        _refuse_many(found)
    return found


def _refuse_many(behind: Sequence[object]) -> None:
    if len(behind) > _MAX_BEHIND:
        raise CannotFixError(f"more than {_MAX_BEHIND} commands behind it fail where there is nothing to remove")


def for_stage(tool: str, stage: Stage, start: int, scene: Scene) -> tuple[Edit, ...]:
    """The edits that go with a variable that turns the caches of `tool` off in `stage` from offset `start` on.

    Raises `CannotFixError`.
    """
    found = scene.remembered(_for_stage, (stage.index, start, tool), lambda: _for_stage(tool, stage, start, scene))
    if isinstance(found, str):
        raise CannotFixError(found)
    return found


def _for_stage(tool: str, stage: Stage, start: int, scene: Scene) -> tuple[Edit, ...] | str:
    emptied: dict[tuple[str, int], tuple[_Place, Entry]] = {}
    edits: list[Edit] = []
    try:
        for run in (run for run in scene.runs_on(stage) if run.instruction.span.start >= start):
            for index, entry in enumerate(run.entries):
                is_filled = entry.purpose in FILLING and entry.verdict in {Verdict.LEFT, Verdict.REMOVED}
                if is_filled and entry.invocation.tool.tool == tool:
                    _refuse_if_copied(run, index, scene)
                    place = _places(scene)[id(entry.invocation.command)]
                    emptied.setdefault((entry.directory, id(entry.cache)), (place, entry))
        for place, entry in emptied.values():
            for removal in _in_need(stage, entry, scene):
                if removal.place > place and removal.clears <= {tool}:
                    edits += _mended(removal, scene)
                    _refuse_many(edits)
    except CannotFixError as refusal:
        return str(refusal)
    return tuple(dict.fromkeys(edits))


def _in_need(stage: Stage, entry: Entry, scene: Scene) -> list[_StrictRemoval]:
    """The strict removals in a stage, and in those that are built on it, of what is in a cache."""
    removals = scene.remembered(_by_stage, None, lambda: _by_stage(scene)).get(stage.index)
    if removals is None:
        return []
    key = stage.index, entry.directory, id(entry.cache)
    return scene.remembered(_in_need, key, lambda: [each for each in removals if each.needs(entry)])


def _by_stage(scene: Scene) -> Mapping[int, Sequence[_StrictRemoval]]:
    """The strict removals of a file by the index of each stage that they are in, or that theirs is built on."""
    return by_stage(_strict_removals(scene), lambda removal: removal.run.stage)


def _strict_removals(scene: Scene) -> Iterator[_StrictRemoval]:
    """All of the file, in order."""
    for number, run in enumerate(scene.runs):
        for index, command in enumerate(run.commands):
            remover = scene.removers.get(command.name)
            if remover is None or not insists(command, remover):
                continue
            span = command.span
            if span is not None and _OR.match(scene.source.data, span.end):
                continue
            cleared = [entry for entry in run.entries if entry.removed_by is command]
            for item in removed_by(command, scene.removers):
                clears = frozenset(entry.invocation.tool.tool for entry in cleared if covers([item], entry.directory))
                yield _StrictRemoval(item, remover, run, (number, index), clears)


def _places(scene: Scene) -> dict[int, _Place]:
    """The place of each command of the file, by its identity."""
    return scene.remembered(
        _places,
        None,
        lambda: {
            id(command): (number, index)
            for number, run in enumerate(scene.runs)
            for index, command in enumerate(run.commands)
        },
    )


def _mended(removal: _StrictRemoval, scene: Scene) -> Iterator[Edit]:
    """The edit with which a removal is content with nothing. Raises `CannotFixError`."""
    command, remover, source = removal.item.command, removal.remover, scene.source
    said = scene.quoted(shown(command.name), command.span)
    reason = f"{said} fails where there is no {shown(removal.item.word.value)}"
    if not remover.allows_nothing_with:
        raise CannotFixError(reason)
    option = remover.allows_nothing_with[0]
    letters = {letter[1:] for letter in remover.needs if len(letter) == len(option) == 2}
    for word in command.words[1:]:
        written = word.value
        if written.startswith("-") and not written.startswith("--") and not letters.isdisjoint(written):
            is_plain = word.span is not None and source.data[word.span.start : word.span.end] == encode(written)
            if is_plain:
                yield replace_words([word], written + option[1:], command, source)
                return
    try:
        yield insert_after(command.words[0], option, command, source)
    except CannotFixError:
        raise CannotFixError(reason) from None


def _refuse_if_copied(run: Run, index: int, scene: Scene) -> None:
    copy, entry = run.carried.get(index), run.entries[index]
    if copy is not None and any(_is_for_cache(path.removesuffix("/*"), entry) for path in sources_of(copy)):
        raise CannotFixError(f"{scene.quoted(copy.keyword, copy.span)} needs it")


def _is_for_cache(path: str, entry: Entry) -> bool:
    """Whether a path is there only because something fills a cache."""
    directory = entry.directory
    parts = entry.cache.parts if _is_brought(entry) else ()
    places = [f"{literal(directory)}/{part}" for part in parts] or [literal(directory)]
    return any(pattern_covers(place, path) for place in places) or (
        path.endswith(_CACHES) and is_below(directory, path)
    )


def _is_brought(entry: Entry) -> bool:
    """Whether a tool's package brings the directory of its cache: that in a home is made when something fills it."""
    return not any(location.home for location in entry.cache.at)
