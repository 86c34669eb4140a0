"""Conditions held against the parts of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from layerlint.dockerfile.instruction import Flag
from layerlint.rules.conditions import (
    NARROWEST_FIRST,
    CommandCondition,
    Condition,
    EnvironmentCondition,
    FileCondition,
    InstructionCondition,
    MountCondition,
    PartKind,
    StageCondition,
)
from layerlint.rules.facts.parts import (
    CommandPart,
    FilePart,
    InstructionPart,
    MountPart,
    Part,
    StagePart,
    around,
    inside,
)
from layerlint.rules.facts.text_conditions import text_holds
from layerlint.shell.word import Word
from layerlint.tools.invocation import Option

P = TypeVar("P", CommandPart, MountPart)


def holds(condition: Condition, part: Part) -> bool:
    """Whether a condition is true of a part, of what is in it and of what it is in. Raises `NotFollowedError`."""
    return (
        all(_named_holds(condition, part))
        and (condition.environment is None or _environment_holds(condition.environment, part))
        and all(holds(each, part) for each in condition.all)
        and (not condition.any or any(holds(each, part) for each in condition.any))
        and (condition.not_ is None or not holds(condition.not_, part))
    )


Title = tuple[str, str | None]


def title_of(part: Part) -> Title:
    """A command's name and its tool, an instruction's keyword: by these most conditions tell parts apart."""
    if isinstance(part, CommandPart):
        return part.command.name, part.tool.tool if part.tool is not None else None
    return (part.instruction.keyword, None) if isinstance(part, InstructionPart) else ("", None)


def may_hold(condition: Condition, kind: PartKind, title: Title) -> bool:
    """Whether a condition can be true of any part of this kind and title."""
    name, tool = title
    if kind == "command" and condition.command is not None:
        return text_holds(condition.command.name, name) and text_holds(condition.command.tool, tool)
    if kind == "instruction" and condition.instruction is not None:
        return text_holds(condition.instruction.keyword, name)
    return True


def _named_holds(condition: Condition, part: Part) -> Iterable[bool]:
    """For each kind of part that the condition names, whether there is one that is as it says. The widest first."""
    for kind in reversed(NARROWEST_FIRST):
        asked = getattr(condition, kind)
        if asked is None:
            continue
        found = around(part, kind)
        if found is not None:
            yield _HOLDS[kind](asked, found)
        else:
            scope = part.instruction if isinstance(part, CommandPart | MountPart) else part
            yield any(_HOLDS[kind](asked, each) for each in inside(scope, kind))


def _file_holds(asked: FileCondition, part: FilePart) -> bool:
    return text_holds(asked.path, part.dockerfile.source.path) and text_holds(asked.stages, str(len(part.stages)))


def _stage_holds(asked: StageCondition, part: StagePart) -> bool:
    stage = part.stage
    last = len(part.file.stages) - 1
    return (
        asked.first in {None, stage.index == 0}
        and asked.last in {None, stage.index == last}
        and asked.in_image in {None, stage.reaches_image}
        and asked.base_is in {None, part.base_is}
        and text_holds(asked.name, part.words[2] if stage.name is not None else "")
        and text_holds(asked.base, part.base)
        and all(
            condition is None or (part.base is not None and text_holds(condition, value))
            for condition, value in zip((asked.image, asked.tag, asked.digest), part.reference, strict=True)
        )
    )


def _instruction_holds(asked: InstructionCondition, part: InstructionPart) -> bool:
    instruction = part.instruction
    return (
        text_holds(asked.keyword, instruction.keyword)
        and asked.onbuild in {None, part.outer is not instruction}
        and asked.form in {None, "exec" if instruction.exec_form is not None else "shell"}
        and asked.first in {None, _is_end(part, 0)}
        and asked.last in {None, _is_end(part, 1)}
        and (asked.count is None or text_holds(asked.count, str(_count(part))))
        and (asked.flag is None or flag_of(asked, part) is not None)
        and (asked.argument is None or any(text_holds(asked.argument, word) for word in part.arguments))
        and (asked.source is None or any(text_holds(asked.source, word) for word in part.sources))
        and (asked.destination is None or text_holds(asked.destination, part.destination))
        and (asked.value is None or text_holds(asked.value, part.value))
        and (
            asked.previous is None or (part.previous is not None and _instruction_holds(asked.previous, part.previous))
        )
    )


def _is_end(part: InstructionPart, end: int) -> bool:
    """Whether it is the first (0) or the last (1) of its keyword in the stage."""
    if part.stage is None or part.instruction.keyword not in part.stage.ends:
        return True
    return part.stage.ends[part.instruction.keyword][end] is part.instruction


def _count(part: InstructionPart) -> int:
    return part.stage.counts.get(part.instruction.keyword, 1) if part.stage is not None else 1


def _mount_holds(asked: MountCondition, part: MountPart) -> bool:
    mount = part.mount
    return (
        text_holds(asked.type, mount.type)
        and text_holds(asked.target, mount.target)
        and text_holds(asked.source, mount.source)
        and text_holds(asked.from_, mount.from_)
        and text_holds(asked.id, mount.id)
        and text_holds(asked.sharing, mount.sharing)
        and text_holds(asked.uid, str(mount.uid) if mount.uid is not None else "")
    )


def _command_holds(asked: CommandCondition, part: CommandPart) -> bool:
    command = part.command
    return (
        text_holds(asked.name, command.name)
        and (asked.tool is None or (part.tool is not None and text_holds(asked.tool, part.tool.tool)))
        and (asked.subcommand is None or (part.tool is not None and text_holds(asked.subcommand, part.invocation.name)))
        and (asked.option is None or option_of(asked, part) is not None)
        and (asked.argument is None or any(text_holds(asked.argument, word.value) for word in part.arguments))
        and (asked.wrapper is None or wrapper_of(asked, part) is not None)
        and (
            asked.input_from is None or (command.reads is not None and text_holds(asked.input_from, command.reads.name))
        )
        and text_holds(asked.user, command.user or "root")
    )


def option_of(asked: CommandCondition, part: CommandPart) -> Option | None:
    """The first option that is as the condition says."""
    return next((option for option in part.options if _option_holds(asked, option, part.times_given)), None)


def _option_holds(asked: CommandCondition, option: Option, times_given: Mapping[str, int]) -> bool:
    name, times = option.name, times_given[option.name]
    return (
        text_holds(asked.option, name)
        or (option.value is not None and text_holds(asked.option, f"{name}={option.value}"))
        or (times > 1 and text_holds(asked.option, f"{name}*{times}"))
    )


def command_of(condition: Condition, part: Part) -> CommandPart | None:
    """The command that a part is; or the first one in it that the condition asks for."""
    return _first_asked(condition.command, part, "command", CommandPart)


def mount_of(condition: Condition, part: Part) -> MountPart | None:
    """The mount that a part is; or the first one in it that the condition asks for."""
    return _first_asked(condition.mount, part, "mount", MountPart)


def _first_asked(asked: object, part: Part, kind: PartKind, cls: type[P]) -> P | None:
    if isinstance(part, cls):
        return part
    if asked is None:
        return None
    scope = part.instruction if isinstance(part, CommandPart | MountPart) else part
    return next((each for each in inside(scope, kind) if isinstance(each, cls) and _HOLDS[kind](asked, each)), None)


def flag_of(asked: InstructionCondition, part: InstructionPart) -> Flag | None:
    """The first flag that is as the condition says."""
    return next(
        (
            flag
            for flag in part.instruction.flags
            if text_holds(asked.flag, f"--{flag.name}")
            or (flag.value is not None and text_holds(asked.flag, f"--{flag.name}={flag.value}"))
        ),
        None,
    )


def wrapper_of(asked: CommandCondition, part: CommandPart) -> Word | None:
    """The name of the first program that starts it and is as the condition says. One that is not written is none."""
    return next(
        (
            word
            for word in part.command.wrappers
            if text_holds(asked.wrapper, word.value.rpartition("/")[2]) and word.span is not None
        ),
        None,
    )


def _environment_holds(asked: EnvironmentCondition, part: Part) -> bool:
    if isinstance(part, FilePart):
        return any(_environment_holds(asked, stage) for stage in part.stages)
    variables: Mapping[str, object] = part.command.variables if isinstance(part, CommandPart) else part.variables
    names = [asked.name] if isinstance(asked.name, str) else variables
    return any(
        name in variables and text_holds(asked.name, name) and text_holds(asked.value, part.environment(name))
        for name in names
    )


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "file": _file_holds,
    "stage": _stage_holds,
    "instruction": _instruction_holds,
    "mount": _mount_holds,
    "command": _command_holds,
}
