"""A Dockerfile to what each of its RUNs does with caches, and what of that reaches the image."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field

from layerlint.caches.candidates import Candidates, written_in
from layerlint.caches.copies import carried_by
from layerlint.caches.knowledge import Knowledge
from layerlint.caches.ledger import Entry, Surroundings, covers, read_ledger
from layerlint.caches.pairs import Pairs
from layerlint.caches.removal import Removed
from layerlint.caches.runs import absolute_mounts, execute_run, shell_state
from layerlint.dockerfile.build_state import BuildState, build_states
from layerlint.dockerfile.environment import most_names
from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.dockerfile.keywords import RUN_FLAGS
from layerlint.dockerfile.mounts import Mount
from layerlint.dockerfile.stages import Stage, stages
from layerlint.image.accounts import AccountProgram, Accounts
from layerlint.image.copying import BuildContext, copies_all, files_after_copy, files_on_mounts
from layerlint.image.files import Files
from layerlint.shell.command import Command
from layerlint.shell.state import State
from layerlint.shell.syntax import NotFollowedError, TooManyStepsError
from layerlint.shell.walk import MAX_STEPS
from layerlint.source.source import decode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

# Each RUN gets every variable and user, each stage all that the one below it has left: their number times each other.
_MAX_HANDED_ON = 500_000
# What all RUNs of a file may take to follow, which is two seconds. Of 3,000 files that people wrote, none takes 1,200.
_MAX_STEPS_OF_FILE = 3 * MAX_STEPS
_HOME_BY_NAME = lazy_pattern(rb"~([A-Za-z_][\w.-]*)")
# What changes the file system of a stage.
_CHANGING = frozenset({"RUN", "COPY", "ADD"})
_TOO_MUCH_HANDED_ON = (
    f"RUNs and stages have been handed more than {_MAX_HANDED_ON:,} variables, users and caches by here, "
    "which is not followed."
)


@dataclass(frozen=True, slots=True)
class Run:
    """A RUN (or an ONBUILD's), where it is, and the ledger of its layer.

    `instruction` is the one that stands in the file, `run` the RUN itself: the same, or an ONBUILD's trigger. `before`
    are the instructions whose ENV and ARG count for it, `accounts` the users that it finds, `commands` what it runs,
    `fails` says that it is certain to fail. `late` gives for an entry (by its index) what is the first to remove the
    directory in a later RUN, `carried` the COPY that takes it from a stage that is not in the image into one that is.
    `too_late` gives for a removal (by its index) the earlier RUN whose layer it cannot shrink, and the entry's index.
    """

    stage: Stage
    instruction: Instruction
    run: Instruction
    state: BuildState
    before: tuple[Instruction, ...]
    accounts: Accounts
    mounts: tuple[Mount, ...]
    commands: tuple[Command, ...]
    fails: bool
    entries: tuple[Entry, ...]
    removed: tuple[Removed, ...]
    late: dict[int, Removed] = field(default_factory=dict)
    carried: dict[int, Instruction] = field(default_factory=dict)
    too_late: dict[int, tuple[Run, int]] = field(default_factory=dict)

    def reaches_image(self, index: int) -> bool:
        """Whether what entry `index` leaves is in the image."""
        return self.stage.reaches_image or index in self.carried


@dataclass(slots=True)
class _Left:
    """A cache that is in the file system of a stage: of which run and entry, and the directory."""

    run: Run
    index: int
    directory: str


@dataclass(slots=True)
class _Contents:
    """What is in the file system of a stage, after some of its instructions."""

    accounts: Accounts
    files: Files
    versions: Mapping[str, str]
    newest: Mapping[str, str]
    left: dict[str, list[_Left]]
    """By directory: a removal looks at each once."""
    installed: set[int] = field(default_factory=set)
    """The identities of caches from which something has been installed that is kept elsewhere."""
    _shell: tuple[BuildState, Accounts, State] | None = None

    def copy(self) -> _Contents:
        """The same, for a stage that is built on this one."""
        left = {path: list(caches) for path, caches in self.left.items()}
        return _Contents(self.accounts, self.files, self.versions, self.newest, left, set(self.installed))

    def shell_of(self, state: BuildState) -> State:
        """What a RUN's shell knows at its start; most RUNs find what the one before has found."""
        last = self._shell
        if last is None or last[0] is not state or last[1] is not self.accounts:
            last = self._shell = state, self.accounts, shell_state(state, self.accounts)
        return last[2].copy()


def read_runs(dockerfile: Dockerfile, knowledge: Knowledge, context: BuildContext | None = None) -> tuple[Run, ...]:
    """Every RUN that could use a cache or remove one, in the order of the file. Raises `NotFollowedError`.

    `context` is where COPY finds files; without it what they hold is not known.
    """
    candidates = Candidates.of(dockerfile, knowledge)
    if not candidates.tools:
        return ()
    all_stages = stages(dockerfile, knowledge.images.facts)
    build = _Build(dockerfile.escape, knowledge, candidates, context, {stage.base_stage for stage in all_stages})
    all_states = build_states(dockerfile, all_stages)
    for stage, states in zip(all_stages, all_states, strict=True):
        build.read(stage, states)
    left = [[left for lefts in end.left.values() for left in lefts] for end in build.ends]
    for cache, copy in carried_by(all_stages, all_states, left, dockerfile.escape, build.pairs):
        cache.run.carried[cache.index] = copy
    return tuple(sorted(build.runs, key=lambda run: run.instruction.span.start))


@dataclass(slots=True)
class _Build:
    """The stages of a file that have been read: for each what it holds in the end, and what is built on it begins with.

    `before` are for each the instructions whose ENV and ARG count in it, `handed_on` is how many variables, users and
    caches RUNs and stages have been given, `steps` how far RUNs have been followed.
    """

    escape: str
    knowledge: Knowledge
    candidates: Candidates
    context: BuildContext | None
    built_on: Collection[int | None]
    ends: list[_Contents] = field(default_factory=list)
    starts: list[_Contents] = field(default_factory=list)
    before: list[tuple[Instruction, ...]] = field(default_factory=list)
    handed_on: int = 0
    steps: int = 0
    pairs: Pairs = field(default_factory=Pairs)
    runs: list[Run] = field(default_factory=list)

    def read(self, stage: Stage, states: Sequence[BuildState]) -> None:
        """Read the next stage. Its triggers run where it is built on, and change nothing in it."""
        images = self.knowledge.images
        if stage.base_stage is not None:
            contents = self.starts[stage.base_stage].copy()
        else:
            files = Files(images.files(stage.base or ""), self.knowledge.catalog.config_names)
            base = stage.base or ""
            contents = _Contents(images.accounts(stage.base), files, images.versions(base), images.newest(base), {})
        self.before.append(_before(stage, self.before))
        self.handed_on += len(self.before[-1]) + sum(map(len, contents.left.values()))
        triggers: list[tuple[Instruction, BuildState]] = []
        reading = _StageReading(self, stage, contents, self.context)
        for instruction, state in zip(stage.instructions, states, strict=False):
            if instruction.trigger is not None:
                triggers.append((instruction, state))
            elif instruction.keyword in _CHANGING:
                self._follow(reading, instruction, instruction, state)
        self.ends.append(contents)
        if triggers:
            # Which files another build copies is not known.
            context = self.context if stage.index in self.built_on else None
            reading = _StageReading(self, stage, contents.copy(), context)
            for instruction, state in triggers:
                self._follow(reading, instruction, instruction.trigger or instruction, state)
        self.starts.append(reading.contents)

    def _follow(self, reading: _StageReading, instruction: Instruction, does: Instruction, state: BuildState) -> None:
        if self.handed_on > _MAX_HANDED_ON:
            raise NotFollowedError(_TOO_MUCH_HANDED_ON, instruction.span)
        contents, written = reading.contents, written_in(does)
        contents.accounts = contents.accounts.with_homes_in(written, state.workdir or "")
        if does.keyword == "RUN":
            if does.flags and not all(flag.name in RUN_FLAGS for flag in does.flags):
                return
            if self.candidates.are_in(written, state, self.knowledge, contents.left or contents.files.content):
                names = (most_names(state.environment), most_names(state.arguments))
                self.handed_on += sum(names) + len(contents.accounts.by_name)
                self.runs.append(reading.run(instruction, does, state))
        elif does.keyword in _CHANGING and self.knowledge.catalog.config_names:
            reading.copy(does, state)


def _before(stage: Stage, before: Sequence[tuple[Instruction, ...]]) -> tuple[Instruction, ...]:
    """The ENVs and ARGs of the stages that a stage is built on, and its own; `before` has those of earlier stages."""
    inherited = before[stage.base_stage] if stage.base_stage is not None else ()
    own = (instruction for instruction in stage.instructions if instruction.keyword in {"ENV", "ARG"})
    return (*inherited, *own)


@dataclass(slots=True)
class _StageReading:
    """A stage, or what its triggers do, while it is read; `contents` are what is there by then."""

    build: _Build
    stage: Stage
    contents: _Contents
    context: BuildContext | None

    def run(self, instruction: Instruction, run: Instruction, state: BuildState) -> Run:
        """Go on behind a RUN; `instruction` is the one that stands in the file: the same, or the ONBUILD around it."""
        knowledge, contents = self.build.knowledge, self.contents
        execution = execute_run(run, state, contents.shell_of(state), knowledge.wrappers)
        programs = knowledge.account_programs_by_name
        accounts = contents.accounts.after(execution.commands, programs)
        used = _made_before_use(contents.accounts, accounts, execution.commands, programs, run)
        if used is not contents.accounts:
            contents.accounts = used
            self.build.steps += execution.steps
            execution = execute_run(run, state, contents.shell_of(state), knowledge.wrappers)
            accounts = used.after(execution.commands, programs)
        self.build.steps += execution.steps
        if self.build.steps > _MAX_STEPS_OF_FILE:
            raise TooManyStepsError(instruction.span)
        mounts = absolute_mounts(run, state, self.build.escape)
        files = files_on_mounts(mounts, contents.files, self.context)
        around = Surroundings(
            mounts,
            contents.accounts,
            files,
            contents.versions,
            contents.newest,
            contents.left.keys(),
            contents.installed,
            self.build.pairs,
        )
        ledger = read_ledger(execution.commands, knowledge.catalog, knowledge.removers_by_name, around)
        result = Run(
            self.stage,
            instruction,
            run,
            state,
            self.build.before[self.stage.index],
            contents.accounts,
            mounts,
            execution.commands,
            execution.fails,
            ledger.entries,
            ledger.removed,
        )
        if ledger.removed:
            self.build.pairs.count(len(contents.left) * len(ledger.removed), instruction)
            contents.left = _still_there(contents.left, result)
        for index, entry in enumerate(ledger.entries):
            if entry.left:
                contents.left.setdefault(entry.directory, []).append(_Left(result, index, entry.directory))
            if entry.cache.kept_elsewhere and entry.installs:
                contents.installed.add(id(entry.cache))
        contents.accounts = accounts
        contents.versions = ledger.versions
        if files is contents.files:  # else what the RUN sees is not what is in the image
            contents.files = ledger.files
        return result

    def copy(self, copy: Instruction, state: BuildState) -> None:
        """Go on behind a COPY or ADD."""
        stage = next((each.stage for each in self.stage.copies_from if each.instruction is copy), None)
        source = self.build.ends[stage].files if stage is not None else None
        contents = self.contents
        if stage is not None:
            end = self.build.ends[stage]
            contents.installed |= end.installed
            if copies_all(copy, state, self.build.escape):
                contents.accounts, contents.versions = end.accounts, end.versions
        contents.files = files_after_copy(copy, state, contents.files, self.context, source, self.build.escape)


def _made_before_use(
    before: Accounts,
    after: Accounts,
    commands: Sequence[Command],
    programs: Mapping[str, Sequence[AccountProgram]],
    run: Instruction,
) -> Accounts:
    """The users that a RUN has by the time that something runs as one whom it makes or changes.

    It finds those `before` where nothing does, and no home is named by its user (`~name`).
    """
    if after is before:
        return before
    users = {command.user for command in commands}
    users.update(decode(match[1]) for match in _HOME_BY_NAME.finditer(written_in(run)))
    changed = {user for user in users if after.find(user) != before.find(user)}
    first = next((index for index, command in enumerate(commands) if command.user in changed), None)
    if first is not None:
        return before.after(commands[:first], programs)
    return after if changed else before


def _still_there(caches: Mapping[str, list[_Left]], run: Run) -> dict[str, list[_Left]]:
    """Which caches of a stage's file system are there after a RUN; what it removes is noted as too late.

    A removal of what the RUN itself has filled is not: it makes the layer smaller that it is meant for.
    """
    still_there: dict[str, list[_Left]] = {}
    own = {(id(entry.removed_by), entry.directory) for entry in run.entries if entry.removed_by is not None}
    for directory, lefts in caches.items():
        at = next((at for at, item in enumerate(run.removed) if covers([item], directory)), None)
        if at is None:
            still_there[directory] = lefts
        elif run.removed[at].command.branch.always and (id(run.removed[at].command), directory) not in own:
            for left in lefts:
                # In another stage that is built on the same one, something else may have removed it already.
                left.run.late.setdefault(left.index, run.removed[at])
                if at not in run.too_late or run.too_late[at][0] is not left.run:
                    run.too_late[at] = left.run, left.index
    return still_there
