"""Parts of a file as facts: their places in the file, and what the names in a rule's texts stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from layerlint.dockerfile.instruction import Flag, Instruction
from layerlint.rules.conditions import CommandCondition, PartKind
from layerlint.rules.facts.exec_forms import exec_form
from layerlint.rules.facts.part_conditions import command_of, flag_of, mount_of, option_of, wrapper_of
from layerlint.rules.facts.parts import CommandPart, FilePart, InstructionPart, Part, StagePart, around
from layerlint.rules.facts.text_conditions import text_holds
from layerlint.rules.model import Place, When
from layerlint.shell.word import Word, shown
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import Span
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property

_WORD = lazy_pattern(rb"\S+")
# Before the first stage, and in a file without instructions.
_NO_STAGE = dict.fromkeys(("base", "image", "tag", "digest", "stage"), "")
_NO_INSTRUCTION = dict.fromkeys(("instruction", "value", "exec-form"), "")

_DEFAULT_PLACES: Mapping[PartKind, Place] = {
    "command": "command", "mount": "mount", "instruction": "keyword", "stage": "base", "file": "keyword",
}  # fmt: skip


@dataclass(frozen=True)
class PartFact:
    """A part of a file that a rule could report."""

    part: Part

    @property
    def reaches_image(self) -> bool:
        """Whether it is in a stage that the image is made of."""
        stage = around(self.part, "stage")
        return not isinstance(stage, StagePart) or stage.stage.reaches_image

    @cached_property
    def instruction(self) -> InstructionPart | None:
        """The instruction that it is, or is in; the FROM of a stage, the first one of a file."""
        part = around(self.part, "instruction")
        if isinstance(part, InstructionPart):
            return part
        if isinstance(self.part, FilePart | StagePart):
            return next(iter(self.part.instructions), None)
        return None

    @property
    def instructions(self) -> Iterator[Instruction]:
        """The instructions that a place of it can be in."""
        if self.instruction is not None:
            yield self.instruction.outer
            if self.instruction.stage is not None:
                yield self.instruction.stage.stage.from_instruction

    @property
    def whole(self) -> Span:
        """Where it is when nothing says so more closely."""
        return self.instruction.outer.keyword_span if self.instruction is not None else Span(0, 0)

    def place(self, place: Place | None, when: When) -> Span | None:
        """Where a place is, None if there is none. Without `place`, where the part itself is."""
        place = place or _DEFAULT_PLACES[self.part.kind]
        match place:
            case "command" | "option" | "argument" | "wrapper":
                return self._place_in_command(place, when)
            case "mount":
                mount = mount_of(when, self.part)
                return mount.mount.flag.span if mount is not None else None
            case "base" | "stage-name":
                stage = around(self.part, "stage")
                return self._word_of_from(0 if place == "base" else 2) if isinstance(stage, StagePart) else None
            case _:
                return self._place_in_instruction(place, when)

    def _place_in_command(self, place: Place, when: When) -> Span | None:
        part = command_of(when, self.part)
        if part is None:
            return None
        if place == "command":
            return part.invocation.span if part.tool is not None else part.command.words[0].span
        word = _asked_word(place, when.command or CommandCondition(), part)
        return word.span if word is not None else None

    def _place_in_instruction(self, place: Place, when: When) -> Span | None:
        if self.instruction is None:
            return None
        instruction = self.instruction.instruction
        match place:
            case "keyword":
                return instruction.keyword_span
            case "instruction":
                return instruction.span
            case "value":
                text = instruction.text
                return text.source_span(0, len(text.data)) if text.data else None
            case "flag":
                flag = _asked_flag(self.instruction, when)
                return flag.span if flag is not None else None
            case _:
                return None

    def _word_of_from(self, index: int) -> Span | None:
        stage = around(self.part, "stage")
        text = stage.stage.from_instruction.text if isinstance(stage, StagePart) else MappedText(b"", ())
        found = list(_WORD.finditer(text.data))
        return text.source_span(*found[index].span()) if index < len(found) else None

    def values(self, when: When) -> Mapping[str, str]:
        """What the names in a rule's texts stand for: all that it may use, empty where there is no such thing."""
        stage = around(self.part, "stage")
        values = {**(_stage_values(stage) if isinstance(stage, StagePart) else _NO_STAGE)}
        values |= _instruction_values(self.instruction, when) if self.instruction is not None else _NO_INSTRUCTION
        mount = mount_of(when, self.part)
        if mount is not None:
            values["mount"] = shown(mount.mount.target or "")
        part = command_of(when, self.part)
        if part is not None:
            values |= _command_values(part, when.command or CommandCondition())
        return values


def _stage_values(part: StagePart) -> Mapping[str, str]:
    image, tag, digest = part.reference
    return {
        "base": part.words[0] if part.words else "",
        "image": image,
        "tag": tag,
        "digest": digest,
        "stage": part.words[2] if part.stage.name is not None else "",
    }


def _instruction_values(part: InstructionPart, when: When) -> Mapping[str, str]:
    values = {"instruction": part.instruction.keyword, "value": part.value, "exec-form": exec_form(part)}
    flag = _asked_flag(part, when)
    if flag is not None:
        values["flag"] = flag.text.text
    return values


def _asked_flag(part: InstructionPart, when: When) -> Flag | None:
    asked = when.instruction
    return flag_of(asked, part) if asked is not None and asked.flag is not None else None


def _command_values(part: CommandPart, asked: CommandCondition) -> Mapping[str, str]:
    values = {
        "command": part.invocation.title if part.tool is not None else shown(part.command.name),
        "user": shown(part.command.user) or "root",
    }
    option = option_of(asked, part) if asked.option is not None else None
    if option is not None:
        values["option"] = option.name
    for place in ("argument", "wrapper"):
        word = _asked_word(place, asked, part)
        if word is not None:
            values[place] = shown(word.value)
    return values


def _asked_word(place: str, asked: CommandCondition, part: CommandPart) -> Word | None:
    """The word that a condition asks for: the first that is as it says."""
    if getattr(asked, place) is None:
        return None
    if place == "option":
        option = option_of(asked, part)
        return option.word if option is not None else None
    if place == "wrapper":
        return wrapper_of(asked, part)
    return next((word for word in part.arguments if text_holds(asked.argument, word.value)), None)
