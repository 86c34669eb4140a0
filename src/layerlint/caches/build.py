"""A Dockerfile to what each of its RUNs does with caches, and what of that reaches the image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from layerlint.caches.copies import carried_by
from layerlint.caches.ledger import Entry, Surroundings, covers, read_ledger
from layerlint.caches.removal import Removed, Remover, Removers, by_name
from layerlint.caches.runs import absolute_mounts, execute_run, shell_state
from layerlint.dockerfile.build_state import BuildState, build_states
from layerlint.dockerfile.environment import most_names
from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.dockerfile.keywords import RUN_FLAGS
from layerlint.dockerfile.mounts import Mount
from layerlint.dockerfile.stages import ImageFacts, Stage, stages
from layerlint.image.accounts import AccountProgram, Accounts
from layerlint.image.copying import Context, files_after_copy, files_on_mounts
from layerlint.image.files import Files
from layerlint.image.images import Image, Images
from layerlint.quick_dataclass import dataclass
from layerlint.quick_property import cached_property
from layerlint.shell.command import Command
from layerlint.shell.state import State
from layerlint.shell.syntax import NotFollowedError
from layerlint.shell.wrappers import Wrappers
from layerlint.source import Span, encode
from layerlint.tools.catalog import Catalog
from layerlint.tools.mentions import Mentions, SearchedText

# Each RUN gets every variable, and each stage all that the one below it has left: their number times each other.
_MOST_HANDED_ON = 500_000
# A RUN says it by itself, or with a variable, or with the shell in front of it.
_SAY_WHAT_RUNS = frozenset({"RUN", "ENV", "ARG", "SHELL", "ONBUILD"})
_TOO_MUCH_HANDED_ON = (
    f"RUNs and stages have been handed more than {_MOST_HANDED_ON:,} variables and caches by here, "
    "which is not followed."
)


@dataclass(frozen=True)
class Knowledge:
    """What is known of the programs that a RUN starts."""

    catalog: Catalog
    wrappers: Wrappers
    removers: Sequence[Remover]
    account_programs: Sequence[AccountProgram]
    images: Images

    @cached_property
    def removers_by_name(self) -> Removers:
        """The programs that remove files."""
        return by_name(self.removers)

    @cached_property
    def account_programs_by_name(self) -> Mapping[str, Sequence[AccountProgram]]:
        """The programs that make users."""
        named: dict[str, list[AccountProgram]] = {}
        for program in self.account_programs:
            for name in program.names:
                named.setdefault(name, []).append(program)
        return named

    @cached_property
    def account_program_in(self) -> Mentions:
        """Whether a text names a program that makes users."""
        return Mentions(self.account_programs_by_name)

    @cached_property
    def remover_in(self) -> Mentions:
        """Whether a text names a program that removes files."""
        return Mentions(name for remover in self.removers for name in remover.names)


@dataclass(frozen=True, slots=True)
class Run:
    """A RUN (or an ONBUILD's), where it is, and the ledger of its layer.

    `instruction` is the one that stands in the file, `run` the RUN itself: the same, or an ONBUILD's trigger. `before`
    are the instructions whose ENV and ARG count for it, `accounts` the users that it finds, `commands` what it runs,
    `fails` says that it is certain to fail. `late` gives for an entry (by its index) what removes the directory in a
    later RUN, `carried` the COPY that takes it from a stage that is not in the image into one that is. `too_late` gives
    for a removal (by its index) the earlier RUN whose layer it cannot shrink.
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
    too_late: dict[int, Run] = field(default_factory=dict)

    @property
    def script_span(self) -> Span:
        """All that the RUN's shell reads, from the first byte to the last: the here-document, if it is only that."""
        body = self.run.heredocs[0].body if len(self.run.heredocs) == 1 else None
        for text in (body, self.run.text):
            span = text.source_span(0, len(text.data)) if text is not None and text.data else None
            if span is not None:
                return span
        return self.run.span

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
class _StageEnd:
    """What a stage hands on to those that are built on it."""

    accounts: Accounts
    files: Files
    versions: Mapping[str, str]
    left: dict[str, list[_Left]]
    """By directory: a removal looks at each once."""
    _shell: tuple[BuildState, Accounts, State] | None = None

    def shell_of(self, state: BuildState) -> State:
        """What a RUN's shell knows at its start; most RUNs find what the one before has found."""
        last = self._shell
        if last is None or last[0] is not state or last[1] is not self.accounts:
            last = self._shell = state, self.accounts, shell_state(state, self.accounts)
        return last[2].copy()


def read_runs(dockerfile: Dockerfile, knowledge: Knowledge, context: Context | None = None) -> tuple[Run, ...]:
    """Every RUN that could use a cache or remove one, in the order of the file. Raises `NotFollowedError`.

    `context` is where COPY finds files; without it what they hold is not known.
    """
    candidates = _Candidates.of(_all_text(dockerfile.instructions), knowledge)
    if not candidates.tools:
        return ()
    all_stages = stages(dockerfile, lambda reference: _facts(knowledge.images.find(reference)))
    names = knowledge.catalog.config_names
    before: list[tuple[Instruction, ...]] = []
    handed_on = 0
    ends: list[_StageEnd] = []
    runs: list[Run] = []
    for stage, states in zip(all_stages, build_states(dockerfile, all_stages), strict=True):
        base = ends[stage.base_stage] if stage.base_stage is not None else None
        end = (
            _StageEnd(
                base.accounts, base.files, base.versions, {path: list(caches) for path, caches in base.left.items()}
            )
            if base is not None
            else _StageEnd(
                _accounts(knowledge.images, stage),
                Files(knowledge.images.files(stage.base or ""), names),
                knowledge.images.versions(stage.base or ""),
                {},
            )
        )
        before.append(_before(stage, before))
        handed_on += len(before[-1]) + sum(map(len, end.left.values()))
        for instruction, state in zip(stage.instructions, states, strict=False):
            if handed_on > _MOST_HANDED_ON:
                raise NotFollowedError(_TOO_MUCH_HANDED_ON, instruction.span)
            run = instruction.trigger if instruction.trigger is not None else instruction
            if run.keyword == "RUN" and (not run.flags or all(flag.name in RUN_FLAGS for flag in run.flags)):
                if _is_worth_reading(run, state, knowledge, end, candidates):
                    handed_on += most_names(state.environment) + most_names(state.arguments)
                    runs.append(
                        _read_run(
                            stage,
                            instruction,
                            run,
                            state,
                            knowledge,
                            end,
                            before[stage.index],
                            context,
                            dockerfile.escape,
                        )
                    )
            elif run.keyword in {"COPY", "ADD"} and names:
                copied = next((copy.stage for copy in stage.copies_from if copy.instruction is run), None)
                source = ends[copied].files if copied is not None else None
                end.files = files_after_copy(run, state, end.files, context, source, dockerfile.escape)
        ends.append(end)
    for left, copy in carried_by(all_stages, [[left for lefts in end.left.values() for left in lefts] for end in ends]):
        left.run.carried[left.index] = copy
    return tuple(runs)


def _facts(image: Image | None) -> ImageFacts:
    return image.facts if image is not None else ImageFacts()


def _accounts(images: Images, stage: Stage) -> Accounts:
    return images.accounts(stage.base) if stage.base else Accounts({})


def _before(stage: Stage, before: Sequence[tuple[Instruction, ...]]) -> tuple[Instruction, ...]:
    """The ENVs and ARGs of the stages that a stage is built on, and its own; `before` has those of earlier stages."""
    inherited = before[stage.base_stage] if stage.base_stage is not None else ()
    own = (instruction for instruction in stage.instructions if instruction.keyword in {"ENV", "ARG"})
    return (*inherited, *own)


def _read_run(
    stage: Stage,
    instruction: Instruction,
    run: Instruction,
    state: BuildState,
    knowledge: Knowledge,
    end: _StageEnd,
    before: tuple[Instruction, ...],
    context: Context | None,
    escape: str,
) -> Run:
    execution = execute_run(run, state, end.shell_of(state), knowledge.wrappers)
    mounts = absolute_mounts(run, state, escape)
    files = files_on_mounts(mounts, end.files, context)
    around = Surroundings(mounts, end.accounts, files, end.versions, end.left.keys())
    ledger = read_ledger(execution.commands, knowledge.catalog, knowledge.removers_by_name, around)
    facts = (around.mounts, execution.commands, execution.fails, ledger.entries, ledger.removed)
    result = Run(stage, instruction, run, state, before, end.accounts, *facts)
    if ledger.removed:
        end.left = _still_there(end.left, result)
    for index, entry in enumerate(ledger.entries):
        if entry.left:
            end.left.setdefault(entry.directory, []).append(_Left(result, index, entry.directory))
    end.accounts = end.accounts.after(execution.commands, knowledge.account_programs_by_name)
    end.versions = ledger.versions
    if files is end.files:  # else what the RUN sees is not what is in the image
        end.files = ledger.files
    return result


def _still_there(caches: Mapping[str, list[_Left]], run: Run) -> dict[str, list[_Left]]:
    """Which caches of a stage's file system are there after a RUN; what it removes is noted as too late."""
    still_there: dict[str, list[_Left]] = {}
    for directory, lefts in caches.items():
        at = next((at for at, item in enumerate(run.removed) if covers([item], directory)), None)
        if at is None:
            still_there[directory] = lefts
        elif run.removed[at].command.branch.always:
            for left in lefts:
                left.run.late[left.index] = run.removed[at]
                run.too_late[at] = left.run
    return still_there


@dataclass(frozen=True, slots=True)
class _Candidates:
    """What of the names of tools, programs that make users and programs that remove files is anywhere in a file."""

    text: SearchedText
    tools: Sequence[str]
    account_programs: Sequence[str]
    removers: Sequence[str]

    @classmethod
    def of(cls, text: SearchedText, knowledge: Knowledge) -> _Candidates:
        kinds = (knowledge.catalog.mentioned_in, knowledge.account_program_in, knowledge.remover_in)
        return cls(text, *(mentioned_in.candidates(text) for mentioned_in in kinds))


def _all_text(instructions: Iterable[Instruction]) -> SearchedText:
    """The text of all that could say what a RUN runs.

    Not that of the file, in which a name may be in two pieces, with a continuation between.
    """
    return SearchedText.of(b"\n".join([_text(each) for each in instructions if each.keyword in _SAY_WHAT_RUNS]))


def _text(instruction: Instruction) -> bytes:
    if not instruction.heredocs:
        return instruction.text.data
    return b"\n".join((instruction.text.data, *(heredoc.body.data for heredoc in instruction.heredocs)))


def _is_worth_reading(
    run: Instruction, state: BuildState, knowledge: Knowledge, end: _StageEnd, candidates: _Candidates
) -> bool:
    """Whether a RUN could call a tool, remove a cache that is there, or make a user."""
    text = candidates.text.part(_text(run))
    mentioned_in = knowledge.catalog.mentioned_in
    if mentioned_in(text, candidates.tools) or knowledge.account_program_in(text, candidates.account_programs):
        return True
    if end.left and knowledge.remover_in(text, candidates.removers):
        return True
    if "$" not in text.written:
        return False
    values = [value for value in state.process_environment.values() if value is not None]
    return mentioned_in(SearchedText.of(encode("\n".join(values))))
