"""The facts that rules are held against: uses of caches and removals, with their places in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from layerlint.caches.build import Run
from layerlint.caches.ledger import FILLING, Entry, Purpose, covers
from layerlint.caches.paths import pattern_covers
from layerlint.caches.removal import Removed
from layerlint.caches.settings import Origin, Setting, ToolSettings
from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.mounts import Mount
from layerlint.globs.name_glob import matches
from layerlint.image.accounts import ROOT_NAMES
from layerlint.image.files import Files
from layerlint.rules.facts.uses import Uses
from layerlint.rules.model import Need, Place, When
from layerlint.shell.braces import alternatives
from layerlint.shell.command import Command
from layerlint.shell.word import is_known, shown
from layerlint.source.source import Span, encode
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.tools.invocation import Option


@dataclass(frozen=True)
class UseFact:
    """One use of a cache in a RUN: an entry of its ledger, and the index that it has there.

    `uses` are those of the file. `sparing` is a later command of the RUN that looks as if it emptied the cache, and
    does not: its use of the cache.
    """

    run: Run
    index: int
    entry: Entry
    uses: Uses
    sparing: Entry | None = None

    @property
    def reaches_image(self) -> bool:
        """Whether what is left of the cache is in the image."""
        return self.run.reaches_image(self.index)

    def holds(self, when: When) -> bool:
        """Whether a condition about uses of its tool, for its purpose and with its verdict, is true of it.

        The version that it asks for is not looked at: see `Scene.is_in_range`.
        """
        for question in when.of_use:  # noqa: SIM110 (there are few, and an `all` takes longer to set up)
            if not _ANSWERS[question](self, when):
                return False
        return True

    @cached_property
    def missed_mount(self) -> Mount | None:
        """A cache mount of the RUN that looks as if it were meant for this cache, and covers another directory."""
        if self.entry.mount is not None or not self.run.mounts:
            return None
        tails = (*_tails(self.entry), *_namesakes(self.entry))
        for mount in self.run.mounts:
            target = (mount.target or "").rstrip("/")
            if mount.type == "cache" and any(target.endswith(tail) for tail in tails):
                return mount
        return None

    @property
    def directory_option(self) -> Option | None:
        """The option of the command that says where the cache is."""
        return self.entry.invocation.last([location.option for location in self.entry.cache.at if location.option])

    @property
    def usual_directory(self) -> str:
        """Where the cache would be without the options of the command, and without configuration files."""
        settings = ToolSettings(self.entry.invocation, Files({}, frozenset()), without_options=True)
        return settings.directory(self.entry.cache)

    @property
    def needed_later(self) -> Entry | None:
        """What needs the content of the cache in a later RUN, before anything fills it again."""
        return self.uses.after(self.run, self.entry) if self.entry.cache.used_by else None

    @property
    def needed(self) -> Need:
        """Where the content of the cache is needed. What nothing can use but what fetches it, is needed here."""
        if self.needed_later is not None:
            return "later"
        needing = (self.uses.last_in(self.run, self.entry), self.uses.last_fetching(self.run, self.entry))
        return "here" if not self.entry.cache.used_by or max(needing) >= self.index else "nowhere"

    @cached_property
    def owner(self) -> str | None:
        """The user in whose home the cache is, when root uses it."""
        if self.entry.invocation.command.user not in ROOT_NAMES:
            return None
        return self.run.accounts.owner_of(self.entry.directory)

    def variable(self, when: When) -> str | None:
        """The variable of the condition that is set."""
        asked = when.variable
        command = self.entry.invocation.command
        if asked is None or (not asked.lost and command.variables.keys().isdisjoint(asked.names)):
            return None
        for name in asked.names:
            value = command.environment(name)
            if asked.lost:
                if value is None and self.run.state.environment.get(name):
                    return name
                continue
            if value is None or not is_known(value) or bool(value) is asked.empty:
                continue
            if not asked.values or value.lower() in asked.values:
                return name
        return None

    def option(self, when: When) -> Option | None:
        """The option of the condition that is given."""
        known = self.entry.invocation.known_options
        for option in self.entry.invocation.options:
            if option.name in when.option or f"{option.name}={option.value}" in when.option:
                return option
            # Part of the name may come from a variable, and be nothing.
            if (
                option.name not in known
                and is_known(option.name)
                and any(matches(option.name, glob) for glob in when.unknown_option)
            ):
                return option
        return None

    def place(self, place: Place | None, when: When) -> Span | None:
        """Where a place is, None if there is none. Without `place`, where the use itself is."""
        entry, run = self.entry, self.run
        match place or "command":
            case "command":
                return entry.invocation.span or run.run.keyword_span
            case "setting":
                return self._setting_place(entry.setting)
            case "mount":
                return entry.mount.flag.span if entry.mount is not None else None
            case "missed-mount":
                return self.missed_mount.flag.span if self.missed_mount is not None else None
            case "variable":
                name = self.variable(when)
                return self._variable_place(name) if name is not None else None
            case "option":
                option = self.option(when)
                return option.word.span if option is not None else None
            case "removal":
                late = run.late.get(self.index)
                return late.command.span if late is not None else None
            case "copy":
                copy = run.carried.get(self.index)
                return copy.span if copy is not None else None
            case "needed-by":
                later = self.needed_later
                return later.invocation.span if later is not None else None
            case _:
                return None

    def _setting_place(self, setting: Setting | None) -> Span | None:
        if setting is None:
            return None
        if setting.option is not None:
            return setting.option.word.span
        return self._variable_place(setting.name) if setting.origin is Origin.VARIABLE else None

    def _variable_place(self, name: str) -> Span | None:
        return variable_place(self.run, self.entry.invocation.command, name)

    def values(self, when: When) -> Mapping[str, str]:
        """What the names in a rule's texts stand for."""
        entry = self.entry
        setting, late = entry.setting, self.run.late.get(self.index)
        mount = entry.mount or self.missed_mount
        name = self.variable(when) if when.variable is not None else setting.name if setting is not None else ""
        option = self.option(when) if when.option or when.unknown_option else None
        later = self.needed_later if "later" in when.needed else None
        return {
            "command": entry.invocation.title,
            "program": shown(entry.invocation.command.words[0].value),
            "cache": entry.cache.title,
            "directory": shown(entry.directory),
            "user": shown(entry.invocation.command.user) or "root",
            "owner": self.owner or "",
            "mount": shown(mount.target or "") if mount is not None else "",
            "variable": name or "",
            "value": shown(setting.value) if setting is not None else "",
            "setting": _written(setting),
            "option": option.name if option is not None else "",
            "removal": _command_text(late) if late is not None else "",
            "command-line": _line(entry.invocation.command),
            "needed-by": later.invocation.title if later is not None else "",
        }


def _setting_is(fact: UseFact, is_meant: Callable[[Setting], bool]) -> bool:
    return fact.entry.setting is not None and is_meant(fact.entry.setting)


# Whether what a condition says of a use of a cache, by the name of the field that says it, is true of one.
_ANSWERS: Mapping[str, Callable[[UseFact, When], bool]] = {
    "program": lambda use, when: use.entry.invocation.command.name in when.program,
    "cache_name": lambda use, when: use.entry.cache.name == when.cache_name,
    "origin": lambda use, when: _setting_is(use, lambda setting: setting.origin in when.origin),
    "value": lambda use, when: _setting_is(use, lambda setting: setting.value.lower() in when.value),
    "mounted": lambda use, when: (use.entry.mount is not None and use.entry.mount.type == "cache") is when.mounted,
    "missed_mount": lambda use, when: (use.missed_mount is not None) is when.missed_mount,
    "spared": lambda use, when: (use.sparing is not None) is when.spared,
    "late": lambda use, when: (use.index in use.run.late) is when.late,
    "carried": lambda use, when: (use.index in use.run.carried) is when.carried,
    "in_image": lambda use, when: use.reaches_image is when.in_image,
    "foreign_home": lambda use, when: (use.owner is not None) is when.foreign_home,
    "starts_itself": lambda use, when: use.entry.starts_itself is when.starts_itself,
    "needed": lambda use, when: use.needed in when.needed,
    "variable": lambda use, when: use.variable(when) is not None,
    "option": lambda use, when: use.option(when) is not None,
    "unknown_option": lambda use, when: use.option(when) is not None,
}


@dataclass(frozen=True)
class RemovalFact:
    """A removal that does not do what it seems to: `kind` says what is wrong."""

    run: Run
    removed: Removed
    kind: str
    entry: Entry
    earlier: Run | None = None

    @property
    def reaches_image(self) -> bool:
        """Whatever it is in: it is mended there."""
        return True

    def holds(self, when: When) -> bool:
        """Whether a condition about removals of caches of its tool is true of it."""
        return self.kind in when.removal

    def place(self, place: Place | None, when: When) -> Span | None:  # noqa: ARG002 (as for uses)
        """Where a place is, None if there is none. Without `place`, where the use of the cache is."""
        match place or "command":
            case "removal":
                return self.removed.word.span
            case "command":
                return self.entry.invocation.span
            case _:
                return None

    def values(self, when: When) -> Mapping[str, str]:  # noqa: ARG002
        """What the names in a rule's texts stand for."""
        return {
            "command": self.entry.invocation.title,
            "cache": self.entry.cache.title,
            "directory": shown(self.entry.directory),
            "user": shown(self.entry.invocation.command.user) or "root",
            "removal": _command_text(self.removed) if self.removed.by_tool else shown(self.removed.word.value),
        }


def facts_of(run: Run, uses: Uses) -> Iterator[UseFact | RemovalFact]:
    """All facts of a RUN: the uses of caches in their order, then the removals. `uses` are those of the file."""
    sparing = {id(entry.cache): at for at, entry in enumerate(run.entries) if entry.purpose is Purpose.SPARES}
    for index, entry in enumerate(run.entries):
        at = sparing.get(id(entry.cache), -1)
        yield UseFact(run, index, entry, uses, run.entries[at] if at > index else None)
    if not run.removed:
        return
    # Entries of one directory are alike to a removal: the first stands for them.
    left: dict[tuple[str, int], Entry] = {}
    clearing = set[int]()
    for entry in run.entries:
        if entry.left:
            left.setdefault((entry.directory, id(entry.cache)), entry)
        if entry.removed_by is not None:
            clearing.add(id(entry.removed_by))
    # What empties a cache does not say that there is none.
    empty = {entry.directory for entry in run.entries if not entry.left and entry.purpose in FILLING}
    for index, removed in enumerate(run.removed):
        # What makes this layer smaller is no mistake, whatever it cannot do for others; nor is care that is not needed.
        is_right = id(removed.command) in clearing or any(covers([removed], directory) for directory in empty)
        fact = _removal_fact(run, index, removed, left.values()) if not is_right else None
        if fact is not None:
            yield fact


def _removal_fact(run: Run, index: int, removed: Removed, left: Iterable[Entry]) -> RemovalFact | None:
    if index in run.too_late:
        earlier, at = run.too_late[index]
        return RemovalFact(run, removed, "late", earlier.entries[at], earlier)
    for entry in left:
        kind = _why_it_misses(removed, entry)
        if kind is not None:
            return RemovalFact(run, removed, kind, entry)
    return None


def _why_it_misses(removed: Removed, entry: Entry) -> str | None:
    word, value = removed.word, removed.word.value
    if word.quoted and (value == "~" or value.startswith("~/")):
        home = entry.invocation.command.environment("HOME") or ""
        return "quoted-tilde" if pattern_covers(home + value[1:], entry.directory) else None
    if "{" in value and not word.quoted:
        data = encode(removed.path)
        expanded = [
            b"".join(data[start:end] for start, end in ranges).decode("utf-8", "surrogateescape")
            for ranges in alternatives(data)
        ]
        return "braces" if any(pattern_covers(path, entry.directory) for path in expanded) else None
    path = removed.path.removesuffix("/*").rstrip("/")
    elsewhere = any(path.endswith(tail) for tail in _tails(entry)) and not pattern_covers(removed.path, entry.directory)
    return "elsewhere" if elsewhere else None


def _tails(entry: Entry) -> Sequence[str]:
    """The ends of paths that look like the cache's in some home: `/.cache/pip`, `/.cache`."""
    homes = [location.home for location in entry.cache.at if location.home]
    tails: list[str] = []
    for home in homes:
        parts = home.split("/")
        tails.extend("/" + "/".join(parts[:end]) for end in range(len(parts), 0, -1))
    return tails


def _namesakes(entry: Entry) -> Sequence[str]:
    """The ends of paths at which a cache like this one could be in a home: `/.npm` and `/.cache/npm`."""
    name = entry.directory.rpartition("/")[2].removeprefix(".")
    return [] if name in {"", "cache"} else [f"/.{name}", f"/.cache/{name}"]


def _written(setting: Setting | None) -> str:
    if setting is None:
        return ""
    is_assigned = setting.origin in {Origin.VARIABLE, Origin.CONFIG}
    return f"{setting.name}={shown(setting.value)}" if is_assigned else setting.name


def _command_text(removed: Removed) -> str:
    return _line(removed.command)


def _line(command: Command) -> str:
    return " ".join([shown(word.value) for word in command.words])


def variable_place(run: Run, command: Command, name: str) -> Span | None:
    """Where a variable of a command is set: in the RUN, else in the last ENV or ARG before it."""
    variable = command.variables.get(name)
    if variable is not None and variable.place is not None:
        return variable.place
    found = None
    is_trigger = run.run is not run.instruction  # which finds all that its stage sets
    for instruction in run.before:
        if is_trigger or instruction.span.start < run.instruction.span.start:
            found = next(reversed(_assignments(instruction, name)), found)
    return found or next(reversed(_assignments(run.run, name)), None)


def _assignments(instruction: Instruction, name: str) -> list[Span]:
    """Every `NAME=value` in an instruction, in order; for ENV also the form with a space."""
    separator = rb"[= \t]" if instruction.keyword == "ENV" else b"="
    pattern = re.compile(rb"(?<![\w$])" + re.escape(name.encode()) + separator + rb"[^\s;&|]*")
    spans = (
        text.source_span(match.start(), match.end())
        for text in (instruction.text, *(heredoc.body for heredoc in instruction.heredocs))
        for match in pattern.finditer(text.data)
    )
    return [span for span in spans if span is not None]
