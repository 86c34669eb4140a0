"""Scripts of plain words: what most RUNs are, and what needs no grammar.

`apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*` is read here in a fraction of the time that
making a syntax tree and looking at each of its nodes takes. Whatever has a quote, an expansion, a redirection, a
pipeline, an assignment in front or a reserved word in it is left to the grammar; for the rest both say the same.
"""

from __future__ import annotations

from functools import partial

from layerlint.lazy_pattern import lazy_pattern
from layerlint.mapped_text import MappedText
from layerlint.shell.command import Branch
from layerlint.shell.conditions import Status
from layerlint.shell.control import follow_list
from layerlint.shell.simple import start_in_shell
from layerlint.shell.state import State
from layerlint.shell.walk import Walk
from layerlint.shell.word import Word

_SCRIPT = lazy_pattern(rb"(?:[\w./:@,+%=*? \t\n;-]++|&&)*+")
_STATEMENT = lazy_pattern(r"[^;\n]+")
# The group is a glob.
_WORD = lazy_pattern(r"[^ \t*?]++(?![*?])|([^ \t]+)")
# A semicolon behind nothing, which is an error.
_NOTHING_TO_END = lazy_pattern(rb"(?:\A|[;&\n])[ \t\n]*+;")
# Words that the grammar takes for more than the name of a program when a command begins with them.
_RESERVED = frozenset(
    {
        "if", "then", "else", "elif", "fi", "for", "select", "while", "until", "do", "done", "case", "esac", "in",
        "function", "time", "coproc", "declare", "typeset", "export", "readonly", "local", "unset", "unsetenv",
    }
)  # fmt: skip


def follow_plain_script(walk: Walk, text: MappedText, state: State, branch: Branch, *, tail: bool) -> Status | None:
    """Follow `text` if it is plain, as `Walk.follow` does; None, and nothing is done, if it is not."""
    statements = _statements(text)
    if statements is None:
        return None
    walk.step(len(text.data), sum(map(len, statements)))
    status = Status.SUCCESS
    for number, commands in enumerate(statements):
        if walk.ended:
            break
        first, *rest = (partial(start_in_shell, walk, words) for words in commands)
        is_last = tail and number == len(statements) - 1
        if rest:
            status = follow_list(walk, first, [("&&", operand) for operand in rest], state, branch, tail=is_last)
        else:
            status = first(state, branch, tail=is_last)
    return status


def is_plain(data: bytes) -> bool:
    """Whether a script has nothing in it but words and what ends commands. It may still need the grammar."""
    return _SCRIPT.fullmatch(data) is not None and not _NOTHING_TO_END.search(data)


def _statements(text: MappedText) -> list[list[list[Word]]] | None:
    """The words of each command of each `&&` list; None if the text is not plain."""
    data = text.data
    if not is_plain(data):
        return None
    statements: list[list[list[Word]]] = []
    for statement in _STATEMENT.finditer(data.decode("ascii")):
        commands: list[list[Word]] = []
        offset = statement.start()
        for part in statement[0].split("&&"):
            words = [
                Word.plain(word[0], text, offset + word.start(), offset + word.end(), is_glob=bool(word[1]))
                for word in _WORD.finditer(part)
            ]
            commands.append(words)
            offset += len(part) + len("&&")
        if commands == [[]]:
            continue
        if not all(words and _names_program(words[0].value) for words in commands):
            return None
        statements.append(commands)
    return statements


def _names_program(name: str) -> bool:
    """Whether a command that begins with this word is a program with its arguments."""
    return name not in _RESERVED and "=" not in name
