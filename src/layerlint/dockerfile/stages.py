"""The build stages of a Dockerfile, what each is built on, and which of them become the image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.dockerfile.variables import name_values
from layerlint.dockerfile.words import expand
from layerlint.startup.quick_dataclass import dataclass

DEFAULT_SHELL = ("/bin/sh", "-c")
SCRATCH = "scratch"

# Docker sets these in the global scope from the platforms that are built on and for.
_PLATFORM_ARGUMENTS = (
    "BUILDARCH", "BUILDOS", "BUILDPLATFORM", "BUILDVARIANT",
    "TARGETARCH", "TARGETOS", "TARGETPLATFORM", "TARGETSTAGE", "TARGETVARIANT",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a stage inherits from a base image. The defaults are what is assumed of an image that nobody knows.

    `user` is a name or number as USER has it, empty for root.
    """

    user: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/"
    shell: tuple[str, ...] = DEFAULT_SHELL


@dataclass(frozen=True, slots=True)
class CopyFrom:
    """A COPY with `--from`: where it copies from, an earlier stage's index or an image. Both None: not known."""

    instruction: Instruction
    stage: int | None
    image: str | None


@dataclass(frozen=True, slots=True)
class Stage:
    """One FROM and what follows it.

    `name` is lower-case, None without `AS`. `base` is what FROM names, with variables expanded, None when they are not
    known; `base_stage` the index of the stage it is, None if it is an image, and `parent` that stage. `image` are the
    facts of the image at the end of that chain. `reaches_image` says whether the last stage is this one or is built on
    it.
    """

    index: int
    name: str | None
    base: str | None
    base_stage: int | None
    from_instruction: Instruction
    instructions: tuple[Instruction, ...]
    image: ImageFacts
    copies_from: tuple[CopyFrom, ...]
    reaches_image: bool
    parent: Stage | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class _Draft:
    """A stage of which the instructions are still being read."""

    from_instruction: Instruction
    name: str | None
    base: str | None
    base_stage: int | None
    instructions: list[Instruction] = field(default_factory=list)
    copies_from: list[CopyFrom] = field(default_factory=list)


def stages(dockerfile: Dockerfile, base_image: Callable[[str], ImageFacts]) -> tuple[Stage, ...]:
    """The stages in order. `base_image` gives the facts of an image by its reference, `python:3.12` for example.

    It is asked once for each FROM that names an image; not for `scratch`, nor where the reference is not known.
    """
    global_scope = global_arguments(dockerfile)
    drafts: list[_Draft] = []
    indexes: dict[str, int] = {}
    for instruction in dockerfile.instructions:
        if instruction.keyword == "FROM":
            draft = _draft(instruction, global_scope, indexes, dockerfile.escape)
            if draft.name:
                indexes[draft.name] = len(drafts)
            drafts.append(draft)
        elif drafts:
            drafts[-1].instructions.append(instruction)
            if instruction.keyword == "COPY" and instruction.flags:
                # A stage cannot copy from itself: its own name means an image.
                copy = _copy_from(instruction, global_scope, indexes, len(drafts) - 1, dockerfile.escape)
                if copy:
                    drafts[-1].copies_from.append(copy)
    return _finished(drafts, base_image)


def global_arguments(dockerfile: Dockerfile) -> dict[str, str | None]:
    """The build arguments before the first FROM and those of the platform; None is set but not known."""
    values: dict[str, str | None] = dict.fromkeys(_PLATFORM_ARGUMENTS)
    for instruction in dockerfile.instructions:
        if instruction.keyword == "FROM":
            break
        if instruction.keyword == "ARG":
            for name, default in name_values(instruction, dockerfile.escape):
                if default is not None:
                    values[name] = expand(default, values, dockerfile.escape)
    return values


def _draft(
    instruction: Instruction, global_scope: Mapping[str, str | None], indexes: Mapping[str, int], escape: str
) -> _Draft:
    words = instruction.text.text.split()
    base = expand(words[0], global_scope, escape) if words else None
    name = words[2].lower() if len(words) == 3 and words[1].lower() == "as" else None
    return _Draft(instruction, name, base, indexes.get(base.lower()) if base else None)


def _copy_from(
    instruction: Instruction,
    global_scope: Mapping[str, str | None],
    indexes: Mapping[str, int],
    current: int,
    escape: str,
) -> CopyFrom | None:
    for flag in instruction.flags:
        if flag.name != "from" or flag.value is None:
            continue
        source = expand(flag.value, global_scope, escape)
        if source is None:
            return CopyFrom(instruction, None, None)
        stage = indexes.get(source.lower())
        if source.isascii() and source.isdigit() and len(source) < 10:
            stage = int(source)
        if stage is not None and stage < current:
            return CopyFrom(instruction, stage, None)
        return CopyFrom(instruction, None, source)
    return None


def _finished(drafts: list[_Draft], base_image: Callable[[str], ImageFacts]) -> tuple[Stage, ...]:
    reaching: set[int] = set()
    index: int | None = len(drafts) - 1 if drafts else None
    while index is not None:
        reaching.add(index)
        # A base stage always stands before what is built on it.
        index = drafts[index].base_stage
    finished: list[Stage] = []
    for index, draft in enumerate(drafts):
        if draft.base_stage is not None:
            image = finished[draft.base_stage].image
        elif draft.base and draft.base.lower() != SCRATCH:
            image = base_image(draft.base)
        else:
            image = ImageFacts()
        finished.append(
            Stage(
                index=index,
                name=draft.name,
                base=draft.base,
                base_stage=draft.base_stage,
                from_instruction=draft.from_instruction,
                instructions=tuple(draft.instructions),
                image=image,
                copies_from=tuple(draft.copies_from),
                reaches_image=index in reaching,
                parent=finished[draft.base_stage] if draft.base_stage is not None else None,
            )
        )
    return tuple(finished)
