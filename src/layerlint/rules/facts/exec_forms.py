"""The shell form of a command as the exec form that starts the same program, where no shell is needed for it."""

from __future__ import annotations

import json
import re

from layerlint.rules.facts.parts import InstructionPart
from layerlint.shell.builtins import ONLY_IN_SHELL
from layerlint.shell.word import program_name
from layerlint.shell.wrappers import BACKSLASH_PATHS, Wrappers
from layerlint.startup.lazy_pattern import lazy_pattern

# What means to a shell the very characters that it is written with, once the quotes around them are gone.
_PIECE = r"""[\w@%+=:,./-]+|"[^"$`\\\n]*"|'[^'\\\n]*'"""
_WORD = lazy_pattern(rf"(?:{_PIECE})+", re.ASCII)
_WORDS = lazy_pattern(rf"[ \t]*(?>(?:{_PIECE})+)(?:[ \t]+(?>(?:{_PIECE})+))*[ \t]*", re.ASCII)
_PROGRAM = lazy_pattern(r"[\w@%+:,./-]+", re.ASCII)
_QUOTED = lazy_pattern(r"\"([^\"]*)\"|'([^']*)'")
# With these a shell sets the environment up before it does what it is told.
_SETS_UP = lazy_pattern(r"-[A-Za-z]*[il][A-Za-z]*|--login|--interactive")


def exec_form(part: InstructionPart) -> str:
    """What follows the flags of an instruction as an exec form, empty unless that means the same."""
    text = part.instruction.text.text
    if part.instruction.exec_form is not None or not _is_plain(part.state.shell, part.file.knowledge.wrappers):
        return ""
    if not _WORDS.fullmatch(text):
        return ""
    words = [_QUOTED.sub(lambda quoted: quoted[1] or quoted[2] or "", word) for word in _WORD.findall(text)]
    is_program = _PROGRAM.fullmatch(words[0]) and words[0] not in ONLY_IN_SHELL
    return json.dumps(words) if is_program else ""


def _is_plain(shell: tuple[str, ...], wrappers: Wrappers) -> bool:
    """Whether the words of SHELL are a shell in which a program's name and its arguments start just that program."""
    name = program_name(shell[0]) if shell else ""
    if name in BACKSLASH_PATHS or not any(wrapper.is_shell for wrapper in wrappers.find(name)):
        return False
    return not any(map(_SETS_UP.fullmatch, shell[1:]))
