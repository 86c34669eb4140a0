"""What each instruction of a stage finds: variables, user, directory and shell, as those before it left them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from layerlint.dockerfile.environment import Scope, Variables, most_names
from layerlint.dockerfile.instruction import Dockerfile, Instruction
from layerlint.dockerfile.paths import seen_from
from layerlint.dockerfile.stages import ImageFacts, Stage, global_arguments
from layerlint.dockerfile.variables import name_values
from layerlint.dockerfile.words import expand
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property

_CHANGES_STATE = frozenset({"ARG", "ENV", "SHELL", "USER", "WORKDIR"})


@dataclass(frozen=True)
class BuildState:
    """The state before an instruction. None stands for what is not known, in a variable's value too.

    `environment` is ENV's, `arguments` are the build arguments in scope; a variable of the environment hides the
    argument of the same name. `user` is empty for root when nothing says so, `group` is what USER has after the colon.
    `workdir` is absolute. `overridable` are the variables of both that have another value where the build is given a
    build argument, and those that only then have one, with an empty value; those with None have the same in any case.
    """

    environment: Variables
    arguments: Variables
    user: str | None
    group: str
    workdir: str | None
    shell: tuple[str, ...]
    overridable: Variables = field(default_factory=Variables)

    @cached_property
    def process_environment(self) -> Mapping[str, str | None]:
        """What a process of a RUN gets of the environment and the build arguments."""
        return {**self.arguments.all(), **self.environment.all()}

    @property
    def variables(self) -> Mapping[str, str | None]:
        """What `$NAME` means in the instruction."""
        return Scope(self.environment, self.arguments)


def build_states(dockerfile: Dockerfile, stages: tuple[Stage, ...]) -> tuple[tuple[BuildState, ...], ...]:
    """For each stage, the state before each of its instructions, and after the last: one more than instructions.

    Instructions that change nothing share one state. As in BuildKit, a stage built on another has its build arguments.
    For an ONBUILD it is what its trigger finds, in a build that uses the image or a stage that is built on this one:
    what the stage has at its end, and what the triggers before have done.
    """
    arguments = global_arguments(dockerfile)
    states: list[tuple[BuildState, ...]] = []
    handed_on: list[BuildState] = []
    for stage in stages:
        state = _initial(stage.image) if stage.base_stage is None else handed_on[stage.base_stage]
        before = [state]
        for instruction in stage.instructions:
            state = _after(state, instruction, arguments, dockerfile.escape)
            before.append(state)
        # A stage that is built on it begins with its triggers (BuildKit, initOnBuildTriggers in dockerfile2llb).
        for index, instruction in enumerate(stage.instructions):
            if instruction.trigger is not None:
                before[index] = state
                state = _after(state, instruction.trigger, arguments, dockerfile.escape)
        handed_on.append(state)
        states.append(tuple(before))
    return tuple(states)


def _initial(image: ImageFacts) -> BuildState:
    user, _, group = image.user.partition(":")
    return BuildState(
        environment=Variables(image.environment),
        arguments=Variables(),
        user=user,
        group=group,
        workdir=image.workdir,
        shell=image.shell,
    )


def _after(
    state: BuildState, instruction: Instruction, global_scope: Mapping[str, str | None], escape: str
) -> BuildState:
    if instruction.keyword not in _CHANGES_STATE:
        return state
    text = instruction.text.text
    match instruction.keyword:
        case "ENV":
            pairs = [(name, value) for name, value in name_values(instruction, escape) if value is not None]
            values = _expanded(pairs, state, escape)
            overridable = _overridable_after_env(state, pairs, values, escape)
            return replace(state, environment=state.environment.updated(values), overridable=overridable)
        case "ARG":
            return _after_arg(state, name_values(instruction, escape), global_scope, escape)
        case "USER" if text:
            user = expand(text, state.variables, escape)
            name, _, group = (user or "").partition(":")
            return replace(state, user=None if user is None else name, group=group)
        case "WORKDIR" if text:
            return replace(state, workdir=seen_from(state.workdir, expand(text, state.variables, escape)))
        case "SHELL" if instruction.exec_form:
            return replace(state, shell=tuple(word.text for word in instruction.exec_form))
        case _:
            return state


def _after_arg(
    state: BuildState,
    defaults: Sequence[tuple[str, str | None]],
    global_scope: Mapping[str, str | None],
    escape: str,
) -> BuildState:
    values: list[tuple[str, str | None]] = []
    unset: list[tuple[str, str | None]] = []
    for name, default in defaults:
        if default is not None:
            values += _expanded([(name, default)], state, escape)
        elif name in global_scope:
            values.append((name, global_scope[name]))
        elif name not in state.arguments:
            unset.append((name, ""))
    given = [(name, value) for name, value in (*values, *unset) if name not in state.environment]
    if not values and not given:
        return state
    arguments = state.arguments.updated(values) if values else state.arguments
    return replace(state, arguments=arguments, overridable=state.overridable.updated(given))


def _expanded(pairs: list[tuple[str, str]], state: BuildState, escape: str) -> list[tuple[str, str | None]]:
    """`pairs` with variables replaced by what they are before the instruction; without names that are not known."""
    scope = state.variables
    names = [expand(name, scope, escape) for name, _ in pairs]
    return [(name, expand(value, scope, escape)) for name, (_, value) in zip(names, pairs, strict=True) if name]


def _overridable_after_env(
    state: BuildState, pairs: Sequence[tuple[str, str]], values: Sequence[tuple[str, str | None]], escape: str
) -> Variables:
    """What can be set otherwise once an ENV has set `values`, written as `pairs`: what is made of such variables."""
    if not most_names(state.overridable):
        return state.overridable
    scope = Scope(_NotKnown(state.overridable), state.variables)
    made = {name for name, value in pairs if "$" in value and expand(value, scope, escape) is None}
    changed = [
        (name, value if name in made else None)
        for name, value in values
        if name in made or state.overridable.get(name) is not None
    ]
    return state.overridable.updated(changed) if changed else state.overridable


class _NotKnown(Mapping[str, str | None]):
    """The names of `values` that have one, all of them set to what is not known."""

    def __init__(self, values: Mapping[str, str | None]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> None:
        if self._values[name] is None:
            raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name, value in self._values.items() if value is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
