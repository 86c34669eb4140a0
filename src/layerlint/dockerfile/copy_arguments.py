"""The arguments of COPY and ADD: what is copied, where to, and what of it is left out."""

from __future__ import annotations

import re

from layerlint.dockerfile.build_state import BuildState
from layerlint.dockerfile.instruction import Instruction
from layerlint.dockerfile.paths import seen_from
from layerlint.dockerfile.white_space import SEPARATORS
from layerlint.dockerfile.words import expand
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

_SEPARATORS = lazy_pattern(f"[{re.escape(SEPARATORS.decode())}]+")


@dataclass(frozen=True, slots=True)
class CopyArguments:
    """What a COPY or ADD is told, with variables replaced; None is a path that is not known.

    `sources` are as written, `target` is absolute and normal. With `into_folder`, the target is certainly a folder that
    files are put into; it may be one all the same. With `parents`, sources keep the folders that they are in.
    `excluded` are patterns for what is not copied, each relative to the source.
    """

    sources: tuple[str | None, ...]
    target: str | None
    into_folder: bool
    parents: bool = False
    excluded: tuple[str, ...] = ()


def copy_words(instruction: Instruction) -> tuple[str, ...]:
    """The arguments as they stand, with quotes and variables.

    BuildKit splits them at white space, also inside of quotes (parseStringsWhitespaceDelimited in its parser); only the
    exec form has names with blanks.
    """
    if instruction.exec_form is not None:
        return tuple(word.text for word in instruction.exec_form)
    text = instruction.text.text
    return tuple(_SEPARATORS.split(text)) if text else ()


def read_copy(instruction: Instruction, state: BuildState, escape: str) -> CopyArguments | None:
    """The arguments of a COPY or ADD that finds `state`; None where there are too few of them."""
    words = copy_words(instruction)
    if len(words) < 2:
        return None
    variables = state.variables
    *sources, target = (expand(word, variables, escape) for word in words)
    path = seen_from(state.workdir, target)
    into_folder = len(sources) > 1 or (target is not None and target.rpartition("/")[2] in {"", ".", ".."})
    if not instruction.flags:
        return CopyArguments(tuple(sources), path, into_folder)
    flags = instruction.flags
    parents = any(flag.name == "parents" and flag.value in {None, "true", "1"} for flag in flags)
    excluded = tuple(flag.value for flag in flags if flag.name == "exclude" and flag.value)
    return CopyArguments(tuple(sources), path, into_folder, parents, excluded)
