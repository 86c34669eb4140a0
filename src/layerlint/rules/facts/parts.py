"""The parts of a file that rules are held against: stages, instructions, mounts, commands.

What takes time (reading a RUN's commands) is done when the first rule asks for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from layerlint.caches.build import Run
from layerlint.caches.knowledge import Knowledge
from layerlint.caches.runs import absolute_mounts, execute_run, shell_state
from layerlint.dockerfile.build_state import BuildState, build_states
from layerlint.dockerfile.copy_arguments import copy_words
from layerlint.dockerfile.environment import Variables
from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.dockerfile.keywords import EXPANDED, RUN_FLAGS
from layerlint.dockerfile.mounts import Mount
from layerlint.dockerfile.stages import SCRATCH, Stage, global_arguments, stages
from layerlint.dockerfile.variables import split_words
from layerlint.dockerfile.words import expand
from layerlint.rules.conditions import PartKind
from layerlint.shell.command import Command
from layerlint.shell.word import Word
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.tools.invocation import Invocation, Option, read_invocation
from layerlint.tools.tool import Tool

_NO_STATE = BuildState(Variables(), Variables(), "", "", "/", ())


class _Known(Mapping[str, str | None]):
    """Variables of which those that nobody sets are not known either: the base image or the build may."""

    def __init__(self, variables: Mapping[str, str | None]) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> str | None:
        return self._variables.get(name)

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


class FilePart:
    """A file, with all its parts."""

    kind: PartKind = "file"

    def __init__(self, dockerfile: Dockerfile, knowledge: Knowledge, runs: Sequence[Run]) -> None:
        """`runs` are those of the file that have been read already."""
        self.dockerfile = dockerfile
        self.knowledge = knowledge
        self.runs = {id(run.run): run for run in runs}

    @cached_property
    def stages(self) -> tuple[StagePart, ...]:
        """The stages in order."""
        found = stages(self.dockerfile, self.knowledge.images.facts)
        states = build_states(self.dockerfile, found)
        return tuple(StagePart(self, stage, its) for stage, its in zip(found, states, strict=True))

    @cached_property
    def instructions(self) -> tuple[InstructionPart, ...]:
        """All instructions in order, also those before the first FROM."""
        before: list[InstructionPart] = []
        for instruction in self.dockerfile.instructions:
            if instruction.keyword == "FROM":
                break
            before.append(InstructionPart(self, None, instruction, instruction, _NO_STATE, before[-1:]))
        return (*before, *(part for stage in self.stages for part in stage.instructions))

    @cached_property
    def _by_instruction(self) -> Mapping[int, InstructionPart]:
        return {id(part.instruction): part for part in self.instructions}

    def command(self, run: Run, command: Command) -> CommandPart:
        """The part that a command of a RUN is."""
        return CommandPart(self._by_instruction[id(run.run)], command)

    @cached_property
    def arguments(self) -> Mapping[str, str | None]:
        """The build arguments that FROM can use."""
        return global_arguments(self.dockerfile)


class StagePart:
    """A stage. `states` are those before each instruction, and after the last."""

    kind: PartKind = "stage"

    def __init__(self, file: FilePart, stage: Stage, states: Sequence[BuildState]) -> None:
        self.file = file
        self.stage = stage
        self.states = states

    @cached_property
    def instructions(self) -> tuple[InstructionPart, ...]:
        """FROM and what follows it, in order; behind an ONBUILD the instruction in it."""
        own = self.stage.from_instruction
        found = [InstructionPart(self.file, self, own, own, self.states[0], [])]
        previous = found[:]
        for instruction, state in zip(self.stage.instructions, self.states, strict=False):
            part = InstructionPart(self.file, self, instruction, instruction, state, previous)
            found.append(part)
            if instruction.trigger is not None:
                found.append(InstructionPart(self.file, self, instruction.trigger, instruction, state, previous))
            previous = [part]
        return tuple(found)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many instructions there are of each keyword, those in ONBUILD not counted."""
        return Counter(instruction.keyword for instruction in self.stage.instructions)

    @cached_property
    def ends(self) -> Mapping[str, tuple[Instruction, Instruction]]:
        """The first and the last instruction of each keyword, those in ONBUILD not counted."""
        found: dict[str, tuple[Instruction, Instruction]] = {}
        for instruction in self.stage.instructions:
            first, _ = found.get(instruction.keyword, (instruction, instruction))
            found[instruction.keyword] = (first, instruction)
        return found

    @property
    def variables(self) -> Mapping[str, str | None]:
        """The environment at its end."""
        return self.states[-1].environment

    def environment(self, name: str) -> str | None:
        """The value that a variable has at its end, None if that is not known."""
        return self.variables.get(name)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of FROM as written."""
        return tuple(self.stage.from_instruction.text.text.split())

    @cached_property
    def base(self) -> str | None:
        """What FROM names, with variables replaced; None if one has no value."""
        file = self.file
        return expand(self.words[0], _Known(file.arguments), file.dockerfile.escape) if self.words else None

    @cached_property
    def base_is(self) -> str:
        """What FROM names."""
        if not self.base:
            return "unknown"
        if self.stage.base_stage is not None:
            return "stage"
        return "scratch" if self.base.lower() == SCRATCH else "image"

    @cached_property
    def reference(self) -> tuple[str, str, str]:
        """The base image: its name with the registry, its tag and its digest, each empty where there is none.

        (The grammar of references: github.com/distribution/reference.)
        """
        if self.base_is != "image":
            return "", "", ""
        rest, _, digest = (self.base or "").partition("@")
        name, colon, tag = rest.rpartition(":")
        return (name, tag, digest) if colon and "/" not in tag else (rest, "", digest)


class InstructionPart:
    """An instruction. `outer` is the one that stands in the file: the same, or the ONBUILD around it."""

    kind: PartKind = "instruction"

    def __init__(
        self,
        file: FilePart,
        stage: StagePart | None,
        instruction: Instruction,
        outer: Instruction,
        state: BuildState,
        previous: Sequence[InstructionPart],
    ) -> None:
        self.file = file
        self.stage = stage
        self.instruction = instruction
        self.outer = outer
        self.state = state
        self.previous = next(iter(previous), None)

    @property
    def variables(self) -> Mapping[str, str | None]:
        """The environment that it finds."""
        return self.state.environment

    def environment(self, name: str) -> str | None:
        """The value of a variable that it finds, None if that is not known."""
        return self.variables.get(name)

    @cached_property
    def value(self) -> str:
        """All that follows the flags; as written where a variable in it is not known."""
        return self._known(self.instruction.text.text)

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The words, or the strings of the exec form; as written where a variable in them is not known."""
        if self.instruction.keyword in {"ADD", "COPY"}:
            return tuple(map(self._known, copy_words(self.instruction)))
        if self.instruction.exec_form is not None:
            return tuple(word.text for word in self.instruction.exec_form)
        return tuple(map(self._known, split_words(self.instruction.text.text, self.file.dockerfile.escape)))

    @property
    def sources(self) -> tuple[str, ...]:
        """What ADD or COPY copies."""
        return self.arguments[:-1] if self.instruction.keyword in {"ADD", "COPY"} else ()

    @property
    def destination(self) -> str:
        """Where ADD or COPY copies to; empty for other instructions."""
        return self.arguments[-1] if self.instruction.keyword in {"ADD", "COPY"} and self.arguments else ""

    def _known(self, text: str) -> str:
        if self.instruction.keyword not in EXPANDED:
            return text
        value = expand(text, _Known(self.state.variables), self.file.dockerfile.escape)
        return value if value is not None else text

    @cached_property
    def mounts(self) -> tuple[MountPart, ...]:
        """The mounts of a RUN."""
        if self.instruction.keyword != "RUN":
            return ()
        mounts = absolute_mounts(self.instruction, self.state, self.file.dockerfile.escape)
        return tuple(MountPart(self, mount) for mount in mounts)

    @cached_property
    def commands(self) -> tuple[CommandPart, ...]:
        """The programs that a RUN starts. Raises `NotFollowedError`."""
        return tuple(CommandPart(self, command) for command in self._commands())

    def _commands(self) -> Sequence[Command]:
        run, stage = self.instruction, self.stage
        if run.keyword != "RUN" or stage is None or any(flag.name not in RUN_FLAGS for flag in run.flags):
            return ()
        read = self.file.runs.get(id(run))
        if read is not None:
            return read.commands
        knowledge = self.file.knowledge
        start = shell_state(self.state, knowledge.images.accounts(stage.stage.base))
        return execute_run(run, self.state, start, knowledge.wrappers).commands


@dataclass(frozen=True, slots=True)
class MountPart:
    """A mount of a RUN."""

    instruction: InstructionPart
    mount: Mount
    kind: ClassVar[PartKind] = "mount"

    @property
    def variables(self) -> Mapping[str, str | None]:
        """The environment of its RUN."""
        return self.instruction.variables

    def environment(self, name: str) -> str | None:
        """The value of a variable of its RUN, None if that is not known."""
        return self.instruction.environment(name)


class CommandPart:
    """A program that a RUN starts."""

    kind: PartKind = "command"

    def __init__(self, instruction: InstructionPart, command: Command) -> None:
        self.instruction = instruction
        self.command = command

    @cached_property
    def tool(self) -> Tool | None:
        """The tool that the program belongs to, if there is a description of one."""
        return self.instruction.file.knowledge.catalog.tool_of(self.command)

    @cached_property
    def invocation(self) -> Invocation:
        """The command as its tool reads it; that of a program without a description, as most programs do."""
        name = self.command.name
        return read_invocation(self.tool or Tool(tool=name, names=(name,)), self.command)

    def environment(self, name: str) -> str | None:
        """The value of a variable that the program gets, None if it gets none."""
        return self.command.environment(name)

    @property
    def options(self) -> tuple[Option, ...]:
        """The options on the line."""
        return self.invocation.options

    @cached_property
    def times_given(self) -> Mapping[str, int]:
        """How many times each option is on the line, by its name."""
        return Counter(option.name for option in self.options)

    @cached_property
    def arguments(self) -> tuple[Word, ...]:
        """The words that are no options and no values of options, nor what a tool is told to do."""
        subcommand, others = self.invocation.subcommand, self.invocation.arguments
        return (subcommand, *others) if self.tool is None and subcommand is not None else others


Part = FilePart | StagePart | InstructionPart | MountPart | CommandPart


def inside(part: Part, kind: PartKind) -> Iterator[Part]:
    """The parts of a kind that are in a part, or are it."""
    if part.kind == kind:
        yield part
    elif isinstance(part, FilePart | StagePart):
        if isinstance(part, FilePart) and kind == "stage":
            yield from part.stages
            return
        for instruction in part.instructions:
            yield from inside(instruction, kind)
    elif isinstance(part, InstructionPart):
        yield from part.mounts if kind == "mount" else part.commands if kind == "command" else ()


def around(part: Part, kind: PartKind) -> Part | None:
    """The part of a kind that a part is in, or is."""
    current: Part | None = part
    while current is not None and current.kind != kind:
        if isinstance(current, CommandPart | MountPart):
            current = current.instruction
        elif isinstance(current, InstructionPart):
            current = current.stage or (current.file if kind == "file" else None)
        else:
            current = current.file if isinstance(current, StagePart) else None
    return current
