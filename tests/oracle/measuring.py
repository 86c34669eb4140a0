"""One case's build, and which of its instructions left files of pip's cache in their layers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import dockerfile  # type: ignore[import-not-found]  # compiled, without stubs

from tests.oracle import base_image
from tests.oracle.case import Case
from tests.oracle.storage import Storage

_STEP = re.compile(r"^(?:\[(?P<stage>\d+)/\d+\] )?STEP (?P<step>\d+)/(?P<steps>\d+): ", re.MULTILINE)
_PRINTED = re.compile(
    r"^(?:\[(?P<stage>\d+)/\d+\] )?(?:STEP (?P<step>\d+)/(?P<steps>\d+): |COMMIT\b|--> (?P<image>[0-9a-f]{11,64})$)",
    re.MULTILINE,
)


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
    output = storage.build(folder, case.name)
    steps = list(_STEP.finditer(output.text))
    if not steps:
        raise RuntimeError(f"{case.name}: the build does not start\n{output.text}")
    if "unable to cleanup run mounts" in output.text:  # seen to empty the whole layer
        raise RuntimeError(f"{case.name}: buildah stumbles over its mount\n{output.text}")
    try:
        images = _images(output.text, stages)
    except ValueError as error:
        raise RuntimeError(f"{case.name}: {error}\n{output.text}") from error
    if output.status:
        if 'building at STEP "RUN ' not in output.text:
            raise RuntimeError(f"{case.name}: the build stops, and at no RUN\n{output.text}")
        last = stages[int(steps[-1]["stage"] or 1) - 1].lines[int(steps[-1]["step"]) - 1]
        return Measurement((), (), last, {})
    return _left(stages, images, storage)


def _images(output: str, stages: list[_Stage]) -> dict[tuple[int, int], str]:
    """The image after each step, by the numbers of stage and step (from 0), as far as one is printed.

    One stage is built at a time, and one that waits for another gives way to a third: the image of its step is then
    printed below a step of another stage, which has its own by then. Raises ValueError where several have waited.
    """
    images: dict[tuple[int, int], str] = {}
    unprinted: dict[int, int] = {}  # by stage, the step whose image is not printed yet
    last: dict[int, int] = {}
    stage = 0
    for line in _PRINTED.finditer(output):
        stage = int(line["stage"] or 1) - 1 if line["image"] is None else stage
        if line["step"]:
            if int(line["steps"]) != len(stages[stage].lines):
                raise ValueError("buildah counts other instructions")
            last[stage] = int(line["step"]) - 1
            if last[stage] > 0:  # a FROM makes no image
                unprinted[stage] = last[stage]
        elif line["image"]:
            if stage not in unprinted and len(unprinted) > 1:
                raise ValueError("several stages have waited for another")
            owner = stage if stage in unprinted or not unprinted else next(iter(unprinted))
            images[owner, last[owner]] = line["image"]
            unprinted.pop(owner, None)
    return images


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
