"""Words, quotes and variables as BuildKit's shell lexer reads them (frontend/dockerfile/shell/lex.go).

This is not the shell's own grammar: Docker expands variables in ENV, FROM, COPY and so on by rules that only look like
a shell's. Here they are split and substituted; `words` and `heredocs` say what for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from layerlint.dockerfile import glob
from layerlint.startup.lazy_pattern import lazy_pattern

# Deeper nesting of ${a:-${b:-...}} than anybody writes; the text decides it, so it must end somewhere.
_MAX_NESTING = 40
# How much text variables may put into one result: a value that doubles itself a few dozen times would fill the memory.
_MAX_SUBSTITUTED = 8192

_NAME = lazy_pattern(r"\d+|[@*#?$!-]|\w*")
_HEREDOC_MARK = lazy_pattern(r"<<[ \t]*")


class LexError(Exception):
    """BuildKit refuses the text. The message says why, in the words of a user."""


class TooComplexError(Exception):
    """The text nests or grows beyond what is worked out."""


class Segment(NamedTuple):
    """A part of the result. `text` is None when it is unknown; `splits` says whether white space in it ends a word."""

    text: str | None
    splits: bool


@cache
def _plain(escape: str, stop: str) -> re.Pattern[str]:
    return re.compile(f"[^'\"$<{re.escape(escape + stop)}]+")


@cache
def _plain_in_double_quotes(escape: str) -> re.Pattern[str]:
    return re.compile(f'[^"${re.escape(escape)}]+')


def joined(segments: list[Segment]) -> str | None:
    """The text of `segments` together, None when a part of it is unknown."""
    texts = [text for text, _ in segments if text is not None]
    return "".join(texts) if len(texts) == len(segments) else None


class Lexer:
    """One pass over a text.

    `variables` are the known ones: a value of None is one that is set to something unknown, a missing name is unset.
    Without variables (None) each stands for itself. `keep_quotes` and `keep_escapes` leave those in the result.
    """

    def __init__(
        self,
        text: str,
        variables: Mapping[str, str | None] | None,
        escape: str,
        *,
        keep_quotes: bool = False,
        keep_escapes: bool = False,
    ) -> None:
        self._text = text
        self._variables = variables
        self._escape = escape
        self._keep_quotes = keep_quotes
        self._keep_escapes = keep_escapes
        self._at = 0
        self._depth = 0
        self._substituted = 0

    def run(self) -> list[Segment]:
        """The text's segments. Raises LexError and TooComplexError."""
        return self._until("", keep_escapes=self._keep_escapes)

    def _until(self, stop: str, *, keep_escapes: bool) -> list[Segment]:
        """Segments up to the character `stop`, which is read; up to the end of the text without one."""
        text, escape = self._text, self._escape
        plain = _plain(escape, stop)
        segments: list[Segment] = []
        while self._at < len(text):
            if match := plain.match(text, self._at):
                self._at = match.end()
                segments.append(Segment(match[0], splits=True))
                continue
            character = text[self._at]
            if character == stop:
                self._at += 1
                return segments
            if character == "$":
                segments.append(Segment(self._dollar(), splits=True))
            elif character == "'":
                segments.append(Segment(self._single_quoted(), splits=False))
            elif character == '"':
                segments.append(Segment(self._double_quoted(keep_escapes=keep_escapes), splits=False))
            elif character == escape:
                escaped = text[self._at + 1 : self._at + 2]
                self._at += 2
                if keep_escapes:
                    escaped = escape + escaped
                segments.append(Segment(escaped, splits=False))
            else:
                segments.append(self._other())
        if stop:
            raise LexError(f"`{stop}` is missing after `${{`")
        return segments

    def _other(self) -> Segment:
        """Read a `<`, or another character that stands for itself."""
        if match := _HEREDOC_MARK.match(self._text, self._at):
            # White space after << does not end the word: BuildKit takes `<< EOF` for a here-document.
            self._at = match.end()
            return Segment(match[0], splits=False)
        self._at += 1
        return Segment(self._text[self._at - 1], splits=True)

    def _single_quoted(self) -> str:
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise LexError("a single quote is not closed")
        start, self._at = self._at, end + 1
        return self._text[start : end + 1] if self._keep_quotes else self._text[start + 1 : end]

    def _double_quoted(self, *, keep_escapes: bool) -> str | None:
        text, escape = self._text, self._escape
        plain = _plain_in_double_quotes(escape)
        segments: list[Segment] = []
        quote = '"' if self._keep_quotes else ""
        self._at += 1
        while self._at < len(text):
            if match := plain.match(text, self._at):
                self._at = match.end()
                segments.append(Segment(match[0], splits=False))
                continue
            character = text[self._at]
            if character == '"':
                self._at += 1
                inside = joined(segments)
                return None if inside is None else quote + inside + quote
            if character == "$":
                segments.append(Segment(self._dollar(), splits=False))
                continue
            # The escape character. It escapes only these in double quotes, and stands for itself before others.
            escaped = text[self._at + 1 : self._at + 2]
            if escaped in ('"', "$", escape):
                self._at += 2
                segments.append(Segment(escape + escaped if keep_escapes else escaped, splits=False))
            else:
                self._at += 1
                segments.append(Segment(escape * 2 if keep_escapes else escape, splits=False))
        raise LexError("a double quote is not closed")

    def _name(self) -> str:
        match = _NAME.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match[0]

    def _dollar(self) -> str | None:
        result = self._substitution()
        if self._variables is not None and result is not None:
            self._substituted += len(result)
            if self._substituted > _MAX_SUBSTITUTED:
                raise TooComplexError
        return result

    def _substitution(self) -> str | None:
        self._at += 1
        if not self._text.startswith("{", self._at):
            name = self._name()
            if not name:
                return "$"
            return f"${name}" if self._variables is None else self._variables.get(name, "")
        self._at += 1
        if self._text[self._at : self._at + 1] in ("{", "}", ":"):
            raise LexError("the variable name after `${` is missing")
        name = self._name()
        operator = self._text[self._at : self._at + 1]
        self._at += 1
        if operator == "}":
            return f"${{{name}}}" if self._variables is None else self._variables.get(name, "")
        self._depth += 1
        if self._depth > _MAX_NESTING:
            raise TooComplexError
        try:
            if operator == "/":
                return self._replacement(name)
            return self._operation(name, operator)
        finally:
            self._depth -= 1

    def _operation(self, name: str, operator: str) -> str | None:
        """What ${name-word} and its kin stand for; the lexer is after the operator's first character."""
        colon = operator == ":"
        if colon:
            operator = self._text[self._at : self._at + 1]
            self._at += 1
        if operator not in ("-", "+", "?", "#", "%"):
            raise LexError(f"`${{{name}{':' if colon else ''}{operator}` is not a substitution that Docker knows")
        word = joined(self._until("}", keep_escapes=operator in "#%"))
        if self._variables is None:
            return f"${{{name}{':' if colon else ''}{operator}{word}}}"
        is_set = name in self._variables
        value = self._variables.get(name, "")
        if operator in "#%":
            return _trimmed(value, word, operator)
        if is_set and value is None and colon:
            return None
        filled = is_set and not (colon and value == "")
        if operator == "+":
            return word if filled else ""
        if filled:
            return value
        if operator == "?":
            raise LexError(f"{name} {word or 'is not set'}")
        return word

    def _replacement(self, name: str) -> str | None:
        """What ${name/pattern/replacement} stands for; the lexer is after the first slash."""
        every = self._text.startswith("/", self._at)
        if every:
            self._at += 1
        pattern = joined(self._until("/", keep_escapes=True))
        replacement = joined(self._until("}", keep_escapes=True))
        if self._variables is None:
            return f"${{{name}/{pattern}/{replacement}}}"
        value = self._variables.get(name, "")
        if value is None or pattern is None or replacement is None:
            return None
        return glob.replace(value, pattern, replacement, every=every)


def _trimmed(value: str | None, word: str | None, operator: str) -> str | None:
    if value is None or word is None:
        return None
    longest = word.startswith(operator)
    pattern = word[1:] if longest else word
    trim = glob.trim_prefix if operator == "#" else glob.trim_suffix
    return trim(value, pattern, longest=longest)
