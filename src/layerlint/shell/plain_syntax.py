"""Reads scripts of plain commands, which need no grammar: their lists, pipelines, commands and words.

Plain are commands of words, quotes and variables, with assignments in front and redirections into files, in pipelines
and lists. Whatever has another expansion or a reserved word in it is left to the grammar; for the rest both say the
same.
"""

from __future__ import annotations

from dataclasses import field

from layerlint.shell.assignments import WrittenAssignment
from layerlint.shell.expansion import WrittenWord
from layerlint.shell.word import Word
from layerlint.source.mapped_text import MappedText
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

_VARIABLE = r"\$(?:[A-Za-z_]\w*+|\{[A-Za-z_]\w*+\})"
_PLAIN_WORD = r"(?![0-9]++>)[\w./:@,+%=^-]++(?![*?!#'\"$~\[\]\\{])"
# The groups: what ends a command; a redirection into what follows; words that stand for themselves; another word; what
# needs the grammar. A comment is nothing.
_TOKEN = lazy_pattern(
    r"[ \t]*+(?:"
    r"(&&|\|\|?|[;\n])"
    r"|[0-9]*+(>&(?=[12](?![^ \t\n;|&]))|>>?(?!&))[ \t]*+(?=[^ \t\n;|&>#])"
    rf"|({_PLAIN_WORD}(?>(?:[ \t]++{_PLAIN_WORD})*))"
    r"|((?>(?:[\w./:@,+%=^*?!~\[\]-]++|(?<=[^ \t\n;|&])#|\\[^\s]|'[^'\n]*+'|\{[\w./:@,+%=*-]*+\}"
    rf"|\"(?>(?:[^\"\\$`\n]++|\\[^\n]|{_VARIABLE})*)\"|{_VARIABLE})+))"
    r"|(?<![^ \t\n;|&])#[^\n]*+|\Z|([\s\S]))"
)
_END, _REDIRECTION, _PLAIN_WORDS, _OTHER_WORD, _OTHER = range(1, 6)
_ASSIGNMENT = lazy_pattern(r"([A-Za-z_][A-Za-z0-9_]*+)=")
# Words that the grammar takes for more than the name of a program when a command begins with them.
_RESERVED = frozenset(
    {
        "if", "then", "else", "elif", "fi", "for", "select", "while", "until", "do", "done", "case", "esac", "in",
        "function", "time", "coproc", "declare", "typeset", "readonly", "local", "unset", "unsetenv",
    }
)  # fmt: skip
_EXPORT = "export"


@dataclass(slots=True)
class PlainCommand:
    """A command: its words, whether any has to be expanded, and each redirection's operator and what it leads to.

    With `declares` it is an `export`, whose words may be assignments; `assignments` are those in front of any other.
    """

    words: list[Word | WrittenWord | WrittenAssignment] = field(default_factory=list)
    has_expansions: bool = False
    redirections: list[tuple[str, Word | WrittenWord]] = field(default_factory=list)
    assignments: list[WrittenAssignment] = field(default_factory=list)
    declares: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether it is a command: redirections without a program are left to the grammar."""
        if self.redirections and (self.declares or not self.words):
            return False
        return bool(self.words or self.assignments)


PlainPipeline = list[PlainCommand]
PlainList = list[tuple[str, PlainPipeline]]
"""The pipelines of a list, each with the operator in front of it; the first has none."""

_NOTHING: PlainList = [("", [PlainCommand()])]
"""A list in which no command has begun."""


def read_plain_script(text: MappedText) -> list[PlainList] | None:
    """The lists that the script is made of; None if it is not plain."""
    if not text.data.isascii():
        return None
    script = text.data.decode("ascii")
    command = PlainCommand()
    lists: list[PlainList] = [[("", [command])]]
    redirection = ""
    for token in _TOKEN.finditer(script):
        kind = token.lastindex
        if kind == _PLAIN_WORDS:
            if not _take_all(command, token[kind], token.start(kind), text, redirection):
                return None
            redirection = ""
        elif kind == _OTHER_WORD:
            place = token.span(kind)
            if not _take(command, token[kind], WrittenWord(*place), place, redirection):
                return None
            redirection = ""
        elif redirection or kind == _OTHER:
            return None
        elif kind == _REDIRECTION:
            redirection = token[_REDIRECTION]
        elif kind == _END and command.is_complete:
            command = _next_command(lists, token[_END])
        elif kind == _END and not (token[_END] == "\n" and lists[-1] == _NOTHING):
            return None
    if not command.is_complete and lists.pop() != _NOTHING:
        return None
    return lists


def _take_all(command: PlainCommand, written: str, start: int, text: MappedText, redirection: str) -> bool:
    """Take words that stand for themselves, of which the first stands at `start`, as `_take` does."""
    words, begin, end = command.words, start, start
    is_argument = bool(words) and not (redirection or command.declares)
    for word in written.split():
        start = begin + written.index(word, end - begin)
        end = start + len(word)
        plain = Word.plain(word, text, start, end)
        if is_argument:
            words.append(plain)
        elif _take(command, word, plain, (start, end), redirection):
            is_argument, redirection = bool(words) and not command.declares, ""
        else:
            return False
    return True


def _take(
    command: PlainCommand, written: str, word: Word | WrittenWord, place: tuple[int, int], redirection: str
) -> bool:
    """Take a word, which stands at `place`, into a command, or as what a redirection leads to; False if it may not be.

    It may be an assignment in front of the command, its first word, another one, or a word of `export`.
    """
    if redirection:
        command.redirections.append((redirection, word))
        return True
    may_assign = command.declares or not command.words
    assignment = _ASSIGNMENT.match(written) if may_assign and "=" in written else None
    if assignment is not None:
        assigned = WrittenAssignment(assignment[1], *place)
        (command.words if command.declares else command.assignments).append(assigned)
        return not command.redirections
    if not command.words:
        command.declares = written == _EXPORT
        if not _is_program(written) or (command.declares and command.assignments):
            return False
    command.words.append(word)
    command.has_expansions = command.has_expansions or isinstance(word, WrittenWord)
    return True


def _is_program(written: str) -> bool:
    """Whether a word where a command begins is a program, or `export`, and nothing more."""
    if written in _RESERVED or written[0] in "{!":
        return False
    return "=" not in written and "[" not in written and "#" not in written


def _next_command(lists: list[PlainList], operator: str) -> PlainCommand:
    """A command behind `operator`, which is put where it belongs in the last of the lists, or into a new one."""
    command = PlainCommand()
    if operator == "|":
        lists[-1][-1][1].append(command)
    elif operator in {"&&", "||"}:
        lists[-1].append((operator, [command]))
    else:
        lists.append([("", [command])])
    return command
