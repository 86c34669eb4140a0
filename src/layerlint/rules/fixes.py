"""A rule's fix templates to edits in the file."""

from __future__ import annotations

from layerlint.caches.ledger import Entry
from layerlint.finding import Edit, Fix
from layerlint.rules.model import FixTemplate
from layerlint.source import Source


class CannotFixError(Exception):
    """A fix template does not fit here. The message says why, for the user."""


def make_fix(template: FixTemplate, entry: Entry, source: Source) -> Fix:
    """The fix for one use of a cache. Raises `CannotFixError`."""
    if template.insert_option is None:
        raise CannotFixError("the rule does not say what to do")
    return Fix(template.title, template.safety, (_insert_option(template.insert_option, entry, source),))


def _insert_option(option: str, entry: Entry, source: Source) -> Edit:
    """The option as a word of its own behind the subcommand."""
    subcommand = entry.invocation.subcommand
    if subcommand is None or subcommand.span is None:
        raise CannotFixError("the command does not stand in the file as such")
    if subcommand.shared:
        raise CannotFixError("the command comes out of a variable or a pattern, which others may use too")
    end = subcommand.span.end
    if entry.invocation.command.exec_form:
        # The word's place is inside the quotes of a JSON string.
        if source.data[end : end + 1] != b'"':
            raise CannotFixError("the string that holds the command cannot be told from what follows")
        return Edit(end + 1, end + 1, f', "{option}"')
    return Edit(end, end, f" {option}")
