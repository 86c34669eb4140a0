"""The conditions of rules: what can be asked of the parts of a file, and how texts are compared. Only data.

The keys are in the order from the whole to its parts: a file has stages, a stage instructions, a RUN mounts and
commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from layerlint.documents.yaml_model import NeverNull
from layerlint.startup.quick_dataclass import dataclass

Words: TypeAlias = str | tuple[str, ...]
"""One, or several of which one is enough."""


@dataclass(frozen=True, kw_only=True)
class Match(NeverNull):
    """How a text is compared; all that is named must hold.

    `glob`: all of the text matches it, or one of several (up to 1,000, each up to 1,000 characters). `regex`: a part of
    the text matches the regular expression; its form is that of Python, without what can take forever (lookarounds,
    backreferences). `version`: the number that the text begins with is in the range, as in `>=3.9, <3.12`. `not`: the
    text is no such text.
    """

    glob: Words = ()
    regex: str | None = None
    version: str | None = None
    not_: Text | None = None


Text: TypeAlias = str | tuple[str, ...] | Match
"""A text that is equal to this one, that is one of these, or that matches. What there is not is an empty text."""


@dataclass(frozen=True, kw_only=True)
class FileCondition(NeverNull):
    """What is asked of a file: its `path` as layerlint was given it, and how many `stages` it has."""

    path: Text | None = None
    stages: Text | None = None


@dataclass(frozen=True, kw_only=True)
class StageCondition(NeverNull):
    """What is asked of a stage.

    `name` is what stands behind AS. `base` is what FROM names, with variables replaced; `image`, `tag` and `digest` are
    its parts where it is an image. `base_is` says what it is; `unknown` where that depends on a variable without a
    value. `first` and `last` speak of the file, `in_image` of whether the last stage is this one or is built on it.
    """

    name: Text | None = None
    base: Text | None = None
    base_is: Literal["image", "stage", "scratch", "unknown"] | None = None
    image: Text | None = None
    tag: Text | None = None
    digest: Text | None = None
    first: bool | None = None
    last: bool | None = None
    in_image: bool | None = None


@dataclass(frozen=True, kw_only=True)
class InstructionCondition(NeverNull):
    """What is asked of an instruction; the one in an ONBUILD counts like any other.

    `keyword` is in capital letters. `flag` is a flag as `--name` or `--name=value`. `argument` is one of the words, or
    one of the strings of the exec form; of ADD and COPY, `source` is one of all but the last, and `destination` that.
    `value` is all that follows the flags, as one line. Variables that Docker replaces are, where they are known.
    `form` is how a command is written. Among those with its keyword in the stage it is the `first` or `last` one, and
    `count` is how many there are. `onbuild`: it is in an ONBUILD. `previous` is asked of the instruction before it.
    """

    keyword: Text | None = None
    flag: Text | None = None
    argument: Text | None = None
    source: Text | None = None
    destination: Text | None = None
    value: Text | None = None
    form: Literal["exec", "shell"] | None = None
    first: bool | None = None
    last: bool | None = None
    count: Text | None = None
    onbuild: bool | None = None
    previous: InstructionCondition | None = None


@dataclass(frozen=True, kw_only=True)
class MountCondition(NeverNull):
    """What is asked of a mount of a RUN: the fields of the flag, with variables replaced. `target` is absolute."""

    type: Text | None = None
    target: Text | None = None
    source: Text | None = None
    from_: Text | None = None
    id: Text | None = None
    sharing: Text | None = None
    uid: Text | None = None


@dataclass(frozen=True, kw_only=True)
class CommandCondition(NeverNull):
    """What is asked of a program that a RUN starts.

    `name` is the program's, without its path; `tool` that of the tool which is described in a file of its own, and
    `subcommand` the full name of what the tool is told to do (`cache clean`). `option` is one of the options, as
    `--name`, `--name=value`, or `--name*2` for one that is there twice; `argument` one of the words that are no
    options. `wrapper` is the name of a program that starts it (`sudo`), `input_from` that of one whose output it reads
    (`yes |`), `user` who runs it.
    """

    name: Text | None = None
    tool: Text | None = None
    subcommand: Text | None = None
    option: Text | None = None
    argument: Text | None = None
    wrapper: Text | None = None
    input_from: Text | None = None
    user: Text | None = None


@dataclass(frozen=True, kw_only=True)
class EnvironmentCondition(NeverNull):
    """A variable that is set in the environment of a command, of an instruction, or at the end of a stage."""

    name: Text
    value: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Condition(NeverNull):
    """What must be so. All that is named must hold.

    What is named of something wider than what is spoken of holds for that in which it is: the `stage` of a command.
    What is named of something narrower holds if there is one: a `command` in a stage. `all`, `any` and `not` combine
    conditions.
    """

    file: FileCondition | None = None
    stage: StageCondition | None = None
    instruction: InstructionCondition | None = None
    mount: MountCondition | None = None
    command: CommandCondition | None = None
    environment: EnvironmentCondition | None = None
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    not_: Condition | None = None


PartKind: TypeAlias = Literal["file", "stage", "instruction", "mount", "command"]

NARROWEST_FIRST: tuple[PartKind, ...] = ("command", "mount", "instruction", "stage", "file")


def subject_of(condition: Condition) -> PartKind | None:
    """The part of a file that a condition speaks of: the narrowest that it names itself."""
    return next((kind for kind in NARROWEST_FIRST if getattr(condition, kind) is not None), None)


# What a condition must ask for to say which is meant: the part, and the key in it (empty where the part is enough).
_ASKED: Mapping[str, tuple[PartKind, str]] = {
    "command": ("command", ""),
    "user": ("command", ""),
    "option": ("command", "option"),
    "argument": ("command", "argument"),
    "wrapper": ("command", "wrapper"),
    "mount": ("mount", ""),
    "flag": ("instruction", "flag"),
}


def unasked(condition: Condition, name: str) -> tuple[PartKind, str] | None:
    """The part and the key in it that would say which `name` of a part of the file is meant, if a condition does not.

    `name` is that of a place or one in a rule's texts. The key is empty where the part itself would say so.
    """
    if name not in _ASKED:
        return None
    kind, key = _ASKED[name]
    asked = getattr(condition, kind)
    return None if asked is not None and (not key or getattr(asked, key) is not None) else (kind, key)


def is_asked(condition: Condition) -> bool:
    """Whether a condition asks anything of the parts of a file."""
    named = (condition.environment, condition.not_, condition.all or None, condition.any or None)
    return subject_of(condition) is not None or any(each is not None for each in named)
