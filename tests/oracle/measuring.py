"""One case's build, and which of its instructions left files of pip's cache in their layers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import dockerfile  # type: ignore[import-not-found]  # compiled, without stubs

from tests.oracle import base_image
from tests.oracle.case import Case
from tests.oracle.storage import BuildOutput, Storage

_STEP = re.compile(r"^(?:\[(?P<stage>\d+)/\d+\] )?STEP (?P<step>\d+)/(?P<steps>\d+): ", re.MULTILINE)
_TRIES = 10
_IMAGE = re.compile(r"^--> ([0-9a-f]{11,64})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a build left: the lines of `Case`, and for each of them the directories that pip's files are in."""

    lines: tuple[int, ...]
    wasted: tuple[int, ...]
    fails: int | None
    directories: dict[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Stage:
    name: str
    image: str
    lines: tuple[int, ...]


def measure(case: Case, storage: Storage, folder: Path) -> Measurement:
    """Build `case` in `storage`; its context is written to `folder`, which is new.

    Raises RuntimeError when the build ends before its first RUN or its output cannot be understood.
    """
    for path, text in case.context.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(case.dockerfile, encoding="utf-8", newline="")
    stages = _stages(case.dockerfile)
    output, steps = _build_in_order(storage, folder, case.name)
    if not steps:
        raise RuntimeError(f"{case.name}: the build does not start\n{output.text}")
    if "unable to cleanup run mounts" in output.text:  # seen to empty the whole layer
        raise RuntimeError(f"{case.name}: buildah stumbles over its mount\n{output.text}")
    images: dict[tuple[int, int], str] = {}
    for step, end in zip(steps, [*(following.start() for following in steps[1:]), len(output.text)], strict=True):
        at = int(step["stage"] or 1) - 1, int(step["step"]) - 1
        if int(step["steps"]) != len(stages[at[0]].lines):
            raise RuntimeError(f"{case.name}: buildah counts other instructions\n{output.text}")
        if found := _IMAGE.findall(output.text, step.start(), end):
            images[at] = found[-1]
    if output.status:
        if 'building at STEP "RUN ' not in output.text:
            raise RuntimeError(f"{case.name}: the build stops, and at no RUN\n{output.text}")
        last = stages[int(steps[-1]["stage"] or 1) - 1].lines[int(steps[-1]["step"]) - 1]
        return Measurement((), (), last, {})
    return _left(stages, images, storage)


def _build_in_order(storage: Storage, folder: Path, name: str) -> tuple[BuildOutput, list[re.Match[str]]]:
    """Build until the steps are printed in the order of the file, and give these with the output.

    A stage that waits for another gives way to a third now and then. The image of a step is then printed below a
    step of another stage, and nothing in the output tells which step it is of.
    """
    for _ in range(_TRIES):
        output = storage.build(folder, name)
        steps = list(_STEP.finditer(output.text))
        order = [(int(step["stage"] or 1), int(step["step"])) for step in steps]
        if order == sorted(order):
            return output, steps
    raise RuntimeError(f"{name}: buildah builds the stages in another order, {_TRIES} times\n{output.text}")


def _left(stages: list[_Stage], images: dict[tuple[int, int], str], storage: Storage) -> Measurement:
    reaching = _reaching(stages)
    lines: list[int] = []
    wasted: list[int] = []
    directories: dict[int, tuple[str, ...]] = {}
    tops: list[set[str]] = []
    for number, stage in enumerate(stages):
        below = _parent(stages, number)
        known = tops[below] if below is not None else _layers(storage, stage.image)
        for step, line in enumerate(stage.lines):
            if (number, step) not in images:
                continue
            layers = _layers(storage, images[number, step])
            if found := sorted(set().union(*(storage.cache_directories(layer) for layer in layers - known))):
                (lines if number in reaching else wasted).append(line)
                directories[line] = tuple(found)
            known = layers
        tops.append(known)
    return Measurement(tuple(lines), tuple(wasted), None, directories)


def _layers(storage: Storage, image: str) -> set[str]:
    if image == "scratch":
        return set()
    return set(storage.layers(storage.top_layer(image)))


def _reaching(stages: list[_Stage]) -> set[int]:
    """The last stage and those that it is built on."""
    reaching = set()
    number: int | None = len(stages) - 1
    while number is not None:
        reaching.add(number)
        number = _parent(stages, number)
    return reaching


def _parent(stages: list[_Stage], number: int) -> int | None:
    """The stage that stage `number` is built on, if it is not an image of its own."""
    names = [stage.name for stage in stages[:number]]
    image = stages[number].image.lower()
    return len(names) - 1 - names[::-1].index(image) if image in names else None


def _stages(text: str) -> list[_Stage]:
    """The stages as BuildKit's own parser reads them; lines are those of all instructions, FROM first."""
    arguments: dict[str, str] = {}
    names: list[tuple[str, str]] = []
    lines: list[list[int]] = []
    for command in dockerfile.parse_string(text):
        if command.cmd.upper() == "FROM":
            image = _expanded(command.value[0], arguments)
            names.append((command.value[2].lower() if len(command.value) > 2 else "", image))
            lines.append([command.start_line])
        elif lines:
            lines[-1].append(command.start_line)
        else:
            arguments |= _arguments(command.value)
    return [_Stage(name, image, tuple(at)) for (name, image), at in zip(names, lines, strict=True)]


def _expanded(image: str, arguments: Mapping[str, str]) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda match: arguments[match[1]], image)


def _arguments(words: Iterable[str]) -> dict[str, str]:
    return {name: value.strip("\"'") for name, _, value in (word.partition("=") for word in words)}


def base_is_clean(storage: Storage) -> bool:
    """Whether the base image holds no cache of its own."""
    return not any(storage.cache_directories(layer) for layer in _layers(storage, base_image.NAME))
