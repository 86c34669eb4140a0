"""The ledger of one RUN: each use of a cache, and what has become of it when the layer closes.

Entries are made and crossed out in the order of the commands, so that a removal counts only for what came before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from layerlint.caches.access import may_use
from layerlint.caches.config_written import files_after
from layerlint.caches.pairs import Pairs
from layerlint.caches.paths import is_below, literal, pattern_covers
from layerlint.caches.removal import Removed, Removers, removed_by
from layerlint.caches.settings import Setting, ToolSettings
from layerlint.caches.versions_installed import versions_after
from layerlint.dockerfile.mounts import Mount
from layerlint.dockerfile.paths import normalize
from layerlint.image.accounts import Accounts
from layerlint.image.files import Files
from layerlint.shell.command import Branch, Command
from layerlint.shell.word import output_of
from layerlint.startup.quick_dataclass import dataclass
from layerlint.tools.catalog import Catalog
from layerlint.tools.invocation import Invocation
from layerlint.tools.tool import Cache, CacheUses

# Mounts whose content is not in the layer (Dockerfile reference, RUN --mount).
_KEPT_OUT = frozenset({"cache", "tmpfs", "bind"})
# Of a container's own, and no part of a layer (OCI runtime specification, config-linux, Default Filesystems).
_OWN_FILE_SYSTEMS = ("/dev/", "/proc/", "/sys/")


class Verdict(StrEnum):
    """What becomes of a cache that a command could fill."""

    LEFT = "left"
    """It is in the layer."""
    OFF = "off"
    """The tool was told not to use it."""
    MOUNTED = "mounted"
    """It is on a mount, which is not part of the layer."""
    REMOVED = "removed"
    """It is removed again in the same RUN."""
    UNWRITABLE = "unwritable"
    """The tool's user may not write there, so the tool works without a cache or fails."""
    ABORTED = "aborted"
    """The tool does not understand a setting and does nothing."""


class Purpose(StrEnum):
    """What a command is to a cache."""

    FILLS = "fills"
    FILLS_AGAIN = "fills-again"
    """It starts a second one of itself, which fills the cache too and is not given the options."""
    EMPTIES = "empties"
    SPARES = "spares"
    """It looks as if it emptied the cache, and does not."""
    NEEDS = "needs"
    """It fails where the cache is off."""
    USES = "uses"
    """It fails where nothing has filled the cache."""


FILLING = frozenset({Purpose.FILLS, Purpose.FILLS_AGAIN})


@dataclass(frozen=True, slots=True)
class Entry:
    """One use of one cache: who, where (`UNKNOWN` in it for what is not known), and what became of it.

    `others` are the places where other versions of the tool keep it. `setting` is what turned it
    off, or what made the tool abort; `mount` the mount that covers the directory, whatever the verdict;
    `removed_by` the command that removed it. `starts_itself` says that what fills it starts a second one of itself,
    which does too.
    """

    cache: Cache
    invocation: Invocation
    directory: str
    verdict: Verdict
    others: tuple[str, ...] = ()
    purpose: Purpose = Purpose.FILLS
    setting: Setting | None = None
    mount: Mount | None = None
    removed_by: Command | None = None
    starts_itself: bool = False

    @property
    def left(self) -> bool:
        """Whether it is in the layer."""
        return self.verdict is Verdict.LEFT and self.purpose in FILLING

    @property
    def installs(self) -> bool:
        """Whether what is fetched is installed elsewhere, be it kept in the cache or not."""
        return self.cache.kept_elsewhere and self.purpose in FILLING and self.verdict is not Verdict.ABORTED

    @property
    def places(self) -> tuple[str, ...]:
        """Where the cache can be: its directory, and those of other versions of the tool."""
        return (self.directory, *self.others)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The uses of caches by the commands of one RUN, and all that its commands remove, each in order."""

    entries: tuple[Entry, ...]
    removed: tuple[Removed, ...]
    files: Files
    """The files once the RUN has run."""
    versions: Mapping[str, str]
    """The versions of tools once the RUN has run, as far as they are known."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a RUN finds: the mounts that it asks for (targets absolute), the users and files of the image.

    `versions` are those of its tools, as far as they are known, `newest` those that can be installed at most.
    """

    mounts: tuple[Mount, ...]
    accounts: Accounts
    files: Files
    versions: Mapping[str, str]
    newest: Mapping[str, str] = field(default_factory=dict)
    left: Collection[str] = ()
    """The directories of caches that the layers below hold."""
    installed: Collection[int] = ()
    """The identities of caches that are kept elsewhere, and from which something has been installed below."""
    pairs: Pairs = field(default_factory=Pairs)
    """Those of the file."""


def read_ledger(commands: Iterable[Command], catalog: Catalog, removers: Removers, around: Surroundings) -> Ledger:
    """The ledger of a RUN with these commands."""
    crossed = _Crossed(around.pairs)
    entries = crossed.entries
    all_removed: list[Removed] = []
    printed: dict[str, str] = {}
    files, versions = around.files, around.versions
    for command in commands:
        invocation = catalog.read(command, versions)
        files = files.after(command)
        if invocation is None:
            removed = removed_by(command, removers)
            if removed:
                removed = tuple(_resolved(item, printed) for item in removed) if printed else removed
                all_removed.extend(item for item in removed if not item.only_files)
                crossed.out(command, partial(_taken, removed, around.accounts), len(removed))
        elif invocation.works:
            settings = ToolSettings(invocation, files)
            for cache in invocation.tool.caches:
                uses = cache.uses_of(invocation.name)
                if uses is None:
                    continue
                all_removed.extend(_enter(crossed, settings, cache, uses, around))
                if invocation.is_any(uses.shown_by):
                    printed[output_of(word.value for word in command.words)] = settings.directory(cache)
            files = files_after(invocation, files)
            if invocation.tool.own_package is not None:
                versions = versions_after(invocation, invocation.tool.own_package, versions, around.newest)
        versions = catalog.without_brought(command, versions)
    return Ledger(tuple(entries), tuple(all_removed), files, versions)


def covers(removed: Iterable[Removed], directory: str) -> bool:
    """Whether what is removed takes all of a directory with it, or all files of a pattern."""
    depth = directory.count("/")
    return any(
        pattern_covers(item.path, directory) and not (item.only_files and item.path.count("/") < depth)
        for item in removed
    )


def _resolved(removed: Removed, printed: Mapping[str, str]) -> Removed:
    """With what commands print put in for what is only known to be printed by them."""
    path = removed.path
    for output, value in printed.items():
        path = path.replace(output, value)
    return replace(removed, path=path)


def _taken(removed: Sequence[Removed], accounts: Accounts, entry: Entry) -> Collection[str]:
    """Which parts of a cache a removal takes."""
    remover, filler = removed[0].command, entry.invocation.command
    if accounts.number_of(remover.user) != 0 and remover.user != filler.user:
        return ()  # who may not write there removes nothing
    parts = _parts(entry.cache)
    if removed[0].only_files:
        parts = tuple(part for part in parts if "*" in part)
    elif any(covers(removed, place) for place in entry.places):
        return parts
    if not entry.cache.parts:
        return ()
    return [part for part in parts if any(covers(removed, f"{place}/{part}") for place in entry.places)]


def _parts(cache: Cache) -> tuple[str, ...]:
    """What has to go for all of a cache to be gone: its parts, or its directory as a whole."""
    return cache.parts or ("",)


def _emptied(emptied: Entry, parts: Collection[str], entry: Entry) -> Collection[str]:
    """Which parts of a cache a tool takes that empties its own: the same one, or another one that is there too.

    Another one of the same tool may say itself what empties or spares it.
    """
    if entry.directory not in emptied.places:
        return ()
    own = entry.cache
    same_tool = entry.invocation.tool is emptied.invocation.tool
    if own is not emptied.cache and same_tool and (own.emptied_by or own.spared_by):
        return ()
    return parts or _parts(entry.cache)


def _enter(
    crossed: _Crossed, settings: ToolSettings, cache: Cache, uses: CacheUses, around: Surroundings
) -> Iterator[Removed]:
    """Enter what a command is to a cache, of what it can be to it; gives what it removes of it."""
    invocation, entries = settings.invocation, crossed.entries
    emptying = invocation.uses(uses.emptied_by)
    if emptying:
        entry = _entry(settings, cache, around, Purpose.EMPTIES)
        if entry.verdict is not Verdict.OFF:
            parts = [part for use in emptying for part in use.parts] if all(use.parts for use in emptying) else []
            crossed.out(invocation.command, partial(_emptied, entry, parts))
            word = invocation.subcommand or invocation.command.words[0]
            for path in [f"{literal(entry.directory)}/{part}" for part in parts] or [literal(entry.directory)]:
                yield Removed(path, word, invocation.command, by_tool=True)
        entries.append(entry)
    elif invocation.is_any(uses.spared_by):
        entries.append(_entry(settings, cache, around, Purpose.SPARES))
    elif invocation.is_any(uses.needed_by):
        entries.append(_entry(settings, cache, around, Purpose.NEEDS))
    if invocation.is_any(uses.filled_by) or (
        invocation.is_any(uses.completed_by) and not _is_there(settings, cache, entries, around)
    ):
        entry = _entry(settings, cache, around)
        if not entry.directory:  # no location applies: the tool has no such cache now
            return
        entries.append(entry)
        works = entry.verdict not in {Verdict.LEFT, Verdict.ABORTED}
        if works and entry.starts_itself:
            entries.append(_entry(replace(settings, without_options=True), cache, around, Purpose.FILLS_AGAIN))
    if invocation.is_any(uses.used_by):
        entries.append(_entry(settings, cache, around, Purpose.USES))


def _is_there(settings: ToolSettings, cache: Cache, entries: Sequence[Entry], around: Surroundings) -> bool:
    """Whether something has filled a cache before, in the RUN or below it, and it is still there.

    What is in another cache that is filled from it is there too, and so is what is kept elsewhere.
    """
    invocation = settings.invocation
    if cache.kept_elsewhere:
        return id(cache) in around.installed or any(
            entry.installs and entry.cache is cache and entry.invocation is not invocation for entry in entries
        )
    directories = {settings.directory(each) for each in invocation.tool.completed_with(cache)}
    return not directories.isdisjoint(around.left) or any(
        entry.left and entry.directory in directories and entry.invocation is not invocation for entry in entries
    )


def _entry(settings: ToolSettings, cache: Cache, around: Surroundings, purpose: Purpose = Purpose.FILLS) -> Entry:
    directory, others = settings.places(cache)
    mount = _mount_of(cache, (directory, *others), around)
    verdict, setting = _verdict(settings, cache, directory, mount, around.accounts)
    invocation = settings.invocation
    starts_itself = purpose in FILLING and invocation.is_any(cache.starts_itself)
    return Entry(cache, invocation, directory, verdict, others, purpose, setting, mount, starts_itself=starts_itself)


def _verdict(
    settings: ToolSettings, cache: Cache, directory: str, mount: Mount | None, accounts: Accounts
) -> tuple[Verdict, Setting | None]:
    """What becomes of a cache before anything removes it, and the setting that says so."""
    aborts, off_by = settings.aborts_or_off(cache)
    if aborts is not None:
        return Verdict.ABORTED, aborts
    if off_by is not None:
        return Verdict.OFF, off_by
    user = settings.invocation.command.user
    if cache.needs and not may_use(cache.needs, user, directory, mount, accounts):
        return Verdict.UNWRITABLE, None
    if mount is not None or f"{directory}/".startswith(_OWN_FILE_SYSTEMS):
        return Verdict.MOUNTED, None
    return Verdict.LEFT, None


def _mount_of(cache: Cache, places: Sequence[str], around: Surroundings) -> Mount | None:
    """The mount that a cache in one of these directories is on, or one of those that its parts are on."""
    mounts = around.mounts
    if not mounts:
        return None
    around.pairs.count(len(mounts) - 1, mounts[0].flag)
    for place in places:
        mount = _deepest(place, mounts)
        if mount is not None:
            return mount
        parts = [_deepest(f"{place}/{part}", mounts) for part in cache.parts]
        if parts and all(parts):
            return parts[0]
    return None


def _deepest(directory: str, mounts: Sequence[Mount]) -> Mount | None:
    """The mount that a directory is on: the deepest."""
    covering = [
        mount
        for mount in mounts
        if mount.type in _KEPT_OUT and mount.target is not None and is_below(directory, normalize(mount.target))
    ]
    return max(covering, key=lambda mount: len(normalize(mount.target or "")), default=None)


class _Alike(NamedTuple):
    """What the entries have in common that a removal takes or leaves together."""

    directory: str
    cache: int
    user: str
    branch: Branch


class _Crossed:
    """The entries of a ledger, and which of them are crossed out on some of the ways that the script can go."""

    def __init__(self, pairs: Pairs) -> None:
        self.entries: list[Entry] = []
        self._pairs = pairs
        self._seen = 0
        self._open: dict[_Alike, list[int]] = {}
        self._gone: dict[_Alike, set[str]] = {}
        self._ways: dict[tuple[_Alike, str, int], set[int]] = {}

    def out(self, command: Command, taken: Callable[[Entry], Collection[str]], removals: int = 1) -> None:
        """Mark what `command` removes with some `removals`: `taken` gives the parts of a cache that they take.

        They count only where it certainly runs when the filling did.
        """
        self._sort_in()
        self._pairs.count(len(self._open) * removals, command)
        for alike in list(self._open):
            indexes = self._open[alike]
            entry = self.entries[indexes[0]]
            certain = {part for part in taken(entry) if self._certain(alike, part, command.branch)}
            if not certain:
                continue
            gone = self._gone.setdefault(alike, set())
            gone |= certain
            if not gone.issuperset(_parts(entry.cache)):
                continue
            for index in indexes:
                self.entries[index] = replace(self.entries[index], verdict=Verdict.REMOVED, removed_by=command)
            del self._open[alike]

    def _sort_in(self) -> None:
        """Sort the entries that have come since the last removal: a removal looks at each kind once."""
        for index in range(self._seen, len(self.entries)):
            entry = self.entries[index]
            if entry.left:
                command = entry.invocation.command
                alike = _Alike(entry.directory, id(entry.cache), command.user, command.branch)
                self._open.setdefault(alike, []).append(index)
                self._gone.pop(alike, None)  # what was removed of it is there again
        self._seen = len(self.entries)

    def _certain(self, alike: _Alike, part: str, removed: Branch) -> bool:
        filled = alike.branch
        if filled.implies(removed):
            return True
        if removed.conditions[:-1] != filled.conditions[: len(removed.conditions) - 1]:
            return False
        last = removed.conditions[-1]
        if last.asks and is_below(alike.directory, last.asks):
            return True  # it runs if the directory is there
        ways = self._ways.setdefault((alike, part, last.fork), set())
        ways.add(last.way)
        return len(ways) == last.ways  # each way removes it
