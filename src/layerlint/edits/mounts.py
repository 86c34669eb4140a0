"""Edits to the mounts of a RUN: one more, one with other fields, one less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from layerlint.dockerfile.instruction import Flag, Instruction
from layerlint.dockerfile.mounts import TARGET_KEYS
from layerlint.edits.layout import BLANK, command_indent, indent, newline, without_trailing_blanks
from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.source.source import Source, decode, encode
from layerlint.startup.lazy_pattern import lazy_pattern

# In a flag's value these need quotes, or end it. A variable would be replaced.
_PLAIN = lazy_pattern(r"[\w./@:+~-]+")
_AFTER_FLAG = lazy_pattern(BLANK + rb"*")


def add_mounts(run: Instruction, mounts: Sequence[Mapping[str, str]], source: Source, escape: str) -> Edit:
    """Mounts as the last flags of a RUN: each on a line of its own, but for a RUN that is a here-document or exec form.

    `mounts` are the fields of each. `escape` is the file's escape character. Raises `CannotFixError`.
    """
    for fields in mounts:
        _refuse_unusual(fields)
    flags = ["--mount=" + ",".join(f"{key}={value}" for key, value in fields.items()) for fields in mounts]
    if run.flags:
        last = run.flags[-1].span
        behind = _AFTER_FLAG.match(source.data, last.end)
        gap = decode(without_trailing_blanks(behind[0])) if behind else ""
        return Edit(last.end, last.end, "".join((gap if "\n" in gap else " ") + flag for flag in flags))
    text = run.text.source_span(0, 1)
    if text is None:
        raise CannotFixError("the RUN is empty")
    at = text.start
    if b"\n" in source.data[run.keyword_span.end : at]:  # the author begins the command on a line of its own
        line_break = f" {escape}{newline(source)}{indent(source, at)}"
        return Edit(run.keyword_span.end, run.keyword_span.end, f" {line_break.join(flags)}")
    if run.exec_form is not None or run.heredocs:
        return Edit(at, at, "".join(f"{flag} " for flag in flags))
    indentation = command_indent(source, at, run.span.end)
    return Edit(at, at, "".join(f"{flag} {escape}{newline(source)}{indentation}" for flag in flags))


def set_fields(flag: Flag, fields: Mapping[str, str], source: Source) -> tuple[Edit, ...]:
    """The fields of a mount with these values; those that it has not are put behind the others.

    Raises `CannotFixError`.
    """
    _refuse_unusual(fields)
    value = flag.value or ""
    span = flag.span
    if source.data[span.start : span.end] != flag.text.data:
        raise CannotFixError("the mount is written with quotes")
    edits: list[Edit] = []
    missing = dict(fields)
    at = span.end - len(encode(value))
    for field in value.split(","):
        key, _, old = field.partition("=")
        end = at + len(encode(field))
        name = "target" if key.lower() in TARGET_KEYS else key.lower()
        if name in fields:
            new = missing.pop(name, None)
            if new is None:
                raise CannotFixError(f"the mount has two fields for {name}")
            if new != old:
                edits.append(Edit(end - len(encode(old)), end, new))
        at = end + 1
    if missing:
        edits.append(Edit(span.end, span.end, "".join(f",{key}={new}" for key, new in missing.items())))
    return tuple(sorted(edits))


def remove_flag(flag: Flag, run: Instruction, source: Source) -> Edit:
    """A flag taken out with the white space behind it. Raises `CannotFixError`."""
    span = flag.span
    behind = _AFTER_FLAG.match(source.data, span.end)
    end = behind.end() if behind else span.end
    following = [other.span.start for other in run.flags if other.span.start > span.start]
    text = run.text.source_span(0, 1)
    expected = following[0] if following else text.start if text is not None else None
    if end != expected:
        raise CannotFixError("there is a comment behind the mount")
    return Edit(span.start, end, "")


def _refuse_unusual(fields: Mapping[str, str]) -> None:
    for value in fields.values():
        if not _PLAIN.fullmatch(value):
            raise CannotFixError(f"a mount's field cannot hold `{value}` as it is")
