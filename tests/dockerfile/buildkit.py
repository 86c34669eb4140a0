"""BuildKit's parser (the `dockerfile` package, BuildKit 0.12) and ours, brought to the same form."""

from __future__ import annotations

import re
from typing import NamedTuple

import dockerfile  # type: ignore[import-not-found]  # a bare extension module

from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.parser import parse
from layerlint.dockerfile.variables import name_values, split_words
from layerlint.source.source import Source

_WORD_LISTS = {"ADD", "COPY", "EXPOSE", "FROM", "VOLUME"}
_SEPARATORS = re.compile("[\t\v\f\r ]+")


class Reading(NamedTuple):
    keyword: str
    trigger: str
    start_line: int
    end_line: int
    flags: tuple[str, ...]
    is_exec_form: bool
    values: tuple[str, ...]
    heredocs: tuple[tuple[str, int, str], ...]


def read_by_buildkit(data: bytes) -> list[Reading] | None:
    """What BuildKit reads, None if it refuses the file."""
    try:
        commands = dockerfile.parse_string(data.decode())
    except dockerfile.GoParseError:
        return None
    return [
        Reading(
            keyword=(command.cmd or "").upper(),
            trigger=(command.sub_cmd or "").upper(),
            start_line=command.start_line,
            end_line=command.end_line,
            flags=command.flags,
            is_exec_form=command.json,
            values=command.value,
            heredocs=tuple((heredoc.name, heredoc.file_descriptor, heredoc.content) for heredoc in command.heredocs),
        )
        for command in commands
    ]


def read_by_us(data: bytes) -> list[Reading]:
    parsed = parse(Source("Dockerfile", data))
    return [
        Reading(
            keyword=instruction.keyword,
            trigger=instruction.trigger.keyword if instruction.trigger else "",
            start_line=instruction.line,
            end_line=instruction.end_line,
            # BuildKit takes each byte of a flag for a character.
            flags=tuple(flag.text.data.decode("latin-1") for flag in instruction.flags),
            is_exec_form=(instruction.trigger or instruction).exec_form is not None,
            values=_values(
                instruction.trigger or instruction, parsed.escape, is_trigger=instruction.trigger is not None
            ),
            heredocs=tuple(
                (heredoc.name, heredoc.file_descriptor, _content(data, heredoc.span.start, heredoc.span.end))
                # The package looks for those of ONBUILD in the wrong place, and shows none.
                for heredoc in (() if instruction.trigger else instruction.heredocs)
            ),
        )
        for instruction in parsed.instructions
    ]


def _values(instruction: Instruction, escape: str, *, is_trigger: bool) -> tuple[str, ...]:
    """The instruction's text split the way BuildKit's parser does, which depends on the keyword."""
    keyword, text = instruction.keyword, instruction.text.text
    if keyword == "ONBUILD":
        # One inside another is read no further.
        return ("",) if is_trigger and text else ()
    if keyword == "HEALTHCHECK":
        kind, *rest = _SEPARATORS.split(text, maxsplit=1)
        if instruction.exec_form is not None:
            rest = [part.text for part in instruction.exec_form]
        return (kind, *rest) if text else ()
    if instruction.exec_form is not None:
        return tuple(part.text for part in instruction.exec_form)
    if keyword in ("ENV", "LABEL"):
        return tuple(part or "" for pair in name_values(instruction, escape) for part in pair)
    if keyword == "ARG":
        return tuple(split_words(text, escape))
    if keyword in _WORD_LISTS:
        return tuple(_SEPARATORS.split(text)) if text else ()
    if keyword in ("RUN", "CMD", "ENTRYPOINT", "SHELL", "MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"):
        return (text,) if text else ()
    return ("",)


def _content(data: bytes, start: int, end: int) -> str:
    """A here-document without its terminator's line; BuildKit takes tabs off later."""
    lines = data[start:end].split(b"\n")
    return b"".join(line + b"\n" for line in lines[:-1]).decode()
