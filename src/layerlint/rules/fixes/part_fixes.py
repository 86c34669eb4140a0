"""Edits that mend what rules report of other parts of a file than caches."""

from __future__ import annotations

from collections.abc import Mapping

from layerlint.dockerfile.instruction import Instruction
from layerlint.edits.commands import put_in_front
from layerlint.edits.layout import lines_of, remove_lines
from layerlint.edits.mounts import remove_flag
from layerlint.edits.refusal import CannotFixError
from layerlint.edits.words import insert_after, option_span, option_words, remove_words
from layerlint.finding import Edit
from layerlint.rules.conditions import CommandCondition
from layerlint.rules.facts.part_conditions import command_of, mount_of, option_of
from layerlint.rules.facts.part_facts import PartFact
from layerlint.rules.facts.parts import CommandPart
from layerlint.rules.fixes.replace_fixes import replace_place
from layerlint.rules.model import FixTemplate, Place, ReplaceTemplate, When
from layerlint.rules.templates import names_in
from layerlint.source.source import Source
from layerlint.tools.invocation import Option

_REFUSED = (b"\n#", "what is to be replaced is on several lines, or has a # in it")


def part_edits(template: FixTemplate, fact: PartFact, when: When, source: Source) -> tuple[Edit, ...]:
    """The edits of a fix. Raises `CannotFixError`."""
    if template.replace is not None:
        return (_replace(template.replace, fact, when, source),)
    if template.remove is not None:
        return (_remove(template.remove, fact, when, source),)
    if template.insert_option is not None:
        part = _command(fact, when)
        after = part.invocation.subcommand if part.tool is not None else part.command.words[0]
        if after is None:
            raise CannotFixError("the command does not stand in the file as such")
        return (insert_after(after, template.insert_option, part.command, source),)
    if template.insert_variable is not None:
        part = _command(fact, when)
        return (put_in_front(part.command, template.insert_variable, source),)
    raise CannotFixError("the rule does not say what to do")


def _command(fact: PartFact, when: When) -> CommandPart:
    part = command_of(when, fact.part)
    if part is None:
        raise CannotFixError("there is no command")
    return part


def _option(fact: PartFact, when: When) -> Option | None:
    return option_of(when.command or CommandCondition(), _command(fact, when))


def _replace(template: ReplaceTemplate, fact: PartFact, when: When, source: Source) -> Edit:
    span = fact.place(template.place, when)
    option = _option(fact, when) if template.place == "option" else None
    if option is not None:
        span = option_span(option, _command(fact, when).command)
    values = _plain(fact.values(when), names_in(template.by))
    return replace_place(template, span, values, _REFUSED, source)


def _plain(values: Mapping[str, str], names: list[str]) -> Mapping[str, str]:
    """`values`, if those of `names` can be written anywhere: without quotes, variables and escapes."""
    for name in names:
        if name != "exec-form" and any(character in values[name] for character in "\"'$\\`\n\0"):
            raise CannotFixError(f"the {name} is written with quotes, variables or escapes")
    return values


def _remove(place: Place, fact: PartFact, when: When, source: Source) -> Edit:
    if place == "instruction":
        if fact.instruction is None:
            raise CannotFixError("there is no instruction")
        return _remove_instruction(fact.instruction.outer, source)
    if place == "option":
        option = _option(fact, when)
        command = _command(fact, when).command
        if option is not None:
            return remove_words(option_words(option, command), command, source)
    if place == "mount":
        mount = mount_of(when, fact.part)
        if mount is not None:
            return remove_flag(mount.mount.flag, mount.instruction.instruction, source)
    raise CannotFixError(f"the rule does not say how to take out the {place}")


def _remove_instruction(instruction: Instruction, source: Source) -> Edit:
    """The lines of an instruction taken out. It goes on to the end of a line, but may not begin at the start of one."""
    span, lines = instruction.span, lines_of(instruction.span, source)
    if source.data[lines.start : span.start].strip():
        raise CannotFixError("something else is on the line")
    return remove_lines(lines, source)
