"""Scripts of plain commands: what nearly all RUNs are, and what needs no grammar.

`apt-get update && apt-get install -y "$PACKAGES" | tee log` is read here in half of the time that making a syntax tree
and looking at each of its nodes takes. Plain are commands of words, quotes and variables, with their redirections into
files, in pipelines and lists. Whatever has another expansion, an assignment in front or a reserved word in it is left
to the grammar; for the rest both say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from functools import partial
from typing import cast

from layerlint.lazy_pattern import lazy_pattern
from layerlint.mapped_text import MappedText
from layerlint.quick_dataclass import dataclass
from layerlint.shell.command import Branch
from layerlint.shell.conditions import Status
from layerlint.shell.expansion import WrittenWord
from layerlint.shell.lists import follow_list, follow_pipeline
from layerlint.shell.simple import read_words, redirection_to
from layerlint.shell.starting import start_in_shell
from layerlint.shell.state import State
from layerlint.shell.walk import Operand, Walk
from layerlint.shell.word import Word

_VARIABLE = r"\$(?:[A-Za-z_]\w*+|\{[A-Za-z_]\w*+\})"
# The groups: what ends a command; a redirection into what follows; a word that stands for itself; another word; what
# needs the grammar.
_TOKEN = lazy_pattern(
    r"[ \t]*+(?:"
    r"(&&|\|\|?|[;\n])"
    r"|[0-9]*+(>&(?=[12](?![^ \t\n;|&]))|>>?(?!&))[ \t]*+(?=[^ \t\n;|&>])"
    r"|([\w./:@,+%=-]++(?![*?'\"$]))"
    rf"|((?:[\w./:@,+%=*?-]++|'[^'\n]*+'|\"(?:[^\"\\$`\n]|{_VARIABLE})*+\"|{_VARIABLE})++)"
    r"|\Z|([\s\S]))"
)
_END, _REDIRECTION, _PLAIN_WORD, _OTHER_WORD, _OTHER = range(1, 6)
# Words that the grammar takes for more than the name of a program when a command begins with them.
_RESERVED = frozenset(
    {
        "if", "then", "else", "elif", "fi", "for", "select", "while", "until", "do", "done", "case", "esac", "in",
        "function", "time", "coproc", "declare", "typeset", "export", "readonly", "local", "unset", "unsetenv",
    }
)  # fmt: skip


@dataclass(slots=True)
class _Command:
    """Its words, whether any has to be expanded, and with the operator of each redirection what it leads to."""

    words: list[Word | WrittenWord] = field(default_factory=list)
    has_expansions: bool = False
    redirections: list[tuple[str, Word | WrittenWord]] = field(default_factory=list)


_Pipeline = list[_Command]
_List = list[tuple[str, _Pipeline]]
"""The pipelines of a list, each with the operator in front of it; the first has none."""

_NOTHING: _List = [("", [_Command()])]
"""A list in which no command has begun."""


def follow_plain_script(walk: Walk, text: MappedText, state: State, branch: Branch, *, tail: bool) -> Status | None:
    """Follow `text` if it is plain, as `Walk.follow` does; None, and nothing is done, if it is not."""
    lists = read_plain_script(text)
    if lists is None:
        return None
    walk.step(len(text.data), len(lists))
    status = Status.SUCCESS
    for number, pipelines in enumerate(lists):
        if walk.ended:
            break
        (_, first), *rest = [(operator, _operand(walk, pipeline)) for operator, pipeline in pipelines]
        is_last = tail and number == len(lists) - 1
        if rest:
            status = follow_list(walk, first, rest, state, branch, tail=is_last)
        else:
            status = first(state, branch, tail=is_last)
    return status


def _operand(walk: Walk, pipeline: Sequence[_Command]) -> Operand:
    parts = [partial(_start, walk, command) for command in pipeline]
    return parts[0] if len(parts) == 1 else partial(follow_pipeline, walk, parts)


def _start(walk: Walk, command: _Command, state: State, branch: Branch, *, tail: bool) -> Status:
    """Expand the words of a command and start it."""
    words, is_doubtful = cast("list[Word]", command.words), False
    if command.has_expansions:
        words, is_doubtful = read_words(walk, words, state, branch)
    found = [redirection_to(walk, operator, target, state, branch) for operator, target in command.redirections]
    return start_in_shell(walk, words, state, branch, tuple(found), state, is_doubtful=is_doubtful, tail=tail)


def read_plain_script(text: MappedText) -> list[_List] | None:
    """The lists that the script is made of; None if it is not plain."""
    if not text.data.isascii():
        return None
    script = text.data.decode("ascii")
    command = _Command()
    lists: list[_List] = [[("", [command])]]
    redirection = ""
    for token in _TOKEN.finditer(script):
        kind = token.lastindex
        if kind in (_PLAIN_WORD, _OTHER_WORD):
            written, end = token[kind], token.end()
            start = end - len(written)
            word = Word.plain(written, text, start, end) if kind == _PLAIN_WORD else WrittenWord(start, end)
            if redirection:
                command.redirections.append((redirection, word))
                redirection = ""
            elif command.words or _names_program(written):
                command.words.append(word)
                command.has_expansions = command.has_expansions or kind == _OTHER_WORD
            else:
                return None
        elif redirection or kind == _OTHER:
            return None
        elif kind == _REDIRECTION:
            redirection = token[_REDIRECTION]
        elif kind == _END and command.words:
            command = _next_command(lists, token[_END])
        elif kind == _END and not (token[_END] == "\n" and lists[-1] == _NOTHING):
            return None
    if not command.words and lists.pop() != _NOTHING:
        return None
    return lists


def _next_command(lists: list[_List], operator: str) -> _Command:
    """A command behind `operator`, which is put where it belongs in the last of the lists, or into a new one."""
    command = _Command()
    if operator == "|":
        lists[-1][-1][1].append(command)
    elif operator in {"&&", "||"}:
        lists[-1].append((operator, [command]))
    else:
        lists.append([("", [command])])
    return command


def _names_program(written: str) -> bool:
    """Whether a command that begins with this word is a program with its arguments."""
    return written not in _RESERVED and "=" not in written
