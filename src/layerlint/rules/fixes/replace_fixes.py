"""The fix that puts a text in a place, of whatever a rule speaks."""

from __future__ import annotations

from collections.abc import Mapping

from layerlint.edits.refusal import CannotFixError
from layerlint.finding import Edit
from layerlint.rules.model import ReplaceTemplate
from layerlint.rules.templates import fill, names_in
from layerlint.source.source import Source, Span, encode


def replace_place(
    template: ReplaceTemplate, span: Span | None, values: Mapping[str, str], refused: tuple[bytes, str], source: Source
) -> Edit:
    """The text in the place at `span`, with `values` for the names in it.

    `refused` are bytes that may not stand there, because a text could not simply take their place, and what to say of
    them. Raises `CannotFixError`.
    """
    characters, reason = refused
    if span is None:
        raise CannotFixError("what is to be replaced does not stand in the file")
    for name in names_in(template.by):
        if not values[name]:
            raise CannotFixError(f"the {name} cannot be written here")
    text = fill(template.by, values)
    text = text.lower() if template.case == "lower" else text.upper() if template.case == "upper" else text
    written = source.data[span.start : span.end]
    if written == encode(text):
        raise CannotFixError("it is written so already")
    if any(byte in characters for byte in written):
        raise CannotFixError(reason)
    return Edit(span.start, span.end, text)
