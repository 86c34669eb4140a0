"""A quick dataclass is what the standard library makes of the same class, down to what it is compared with."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any, ClassVar

import pytest

from layerlint.startup import quick_dataclass

OPTIONS: list[dict[str, bool]] = [
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "kw_only": True},
    {"frozen": True, "slots": True, "order": True},
    {"slots": True},
    {},
]


def both(make: Callable[[Any], type], options: dict[str, bool]) -> tuple[type, type]:
    return make(dataclasses.dataclass(**options)), make(quick_dataclass.dataclass(**options))


def point(decorator: Any) -> type:
    @decorator
    class Point:
        kind: ClassVar[str] = "point"
        x: int
        y: tuple[int, ...] = (1,)
        note: str = field(default="", compare=False)
        names: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

        @property
        def far(self) -> bool:
            return self.x > 10

    return Point


def said(cls: type, use: Callable[[type], object]) -> object:
    try:
        return use(cls)
    except (TypeError, dataclasses.FrozenInstanceError) as error:
        return type(error)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda cls: repr(cls(x=1, note="n")), id="repr"),
        pytest.param(lambda cls: [each.name for each in dataclasses.fields(cls)], id="fields"),
        pytest.param(dataclasses.is_dataclass, id="is a dataclass"),
        pytest.param(lambda cls: dataclasses.asdict(cls(x=1)), id="as a dictionary"),
        pytest.param(lambda cls: cls.__match_args__, id="patterns"),
        pytest.param(lambda cls: cls(x=1) == cls(x=1, note="other"), id="equal"),
        pytest.param(lambda cls: (cls(x=1) == cls(x=2), cls(x=1) == (1, (1,)), cls(x=1) != cls(x=1)), id="not equal"),
        pytest.param(lambda cls: hash(cls(x=1)) == hash(cls(x=1, note="other")), id="hash"),
        pytest.param(lambda cls: len({cls(x=1), cls(x=1), cls(x=2)}), id="in a set"),
        pytest.param(lambda cls: min([cls(x=2), cls(x=1)]).x, id="order"),
        pytest.param(lambda cls: cls(x=1) < 3, id="order with others"),
        pytest.param(lambda cls: (cls(x=1) <= cls(x=1), cls(x=1) > cls(x=1), cls(x=1) >= cls(x=0)), id="comparisons"),
        pytest.param(lambda cls: dataclasses.replace(cls(x=1), x=20).far, id="replaced"),
        pytest.param(lambda cls: cls(1).x, id="by position"),
        pytest.param(lambda cls: cls(x=1).names is cls(x=1).names, id="a default of its own"),
        pytest.param(lambda cls: cls(y=1), id="a field is missing"),
        pytest.param(lambda cls: cls(x=1, z=1), id="a field too many"),
        pytest.param(lambda cls: (said(cls, lambda cls: cls()), cls(x=1).x), id="a wrong call, and then a right one"),
        pytest.param(lambda cls: cls(1, x=2), id="a field given twice"),
        pytest.param(lambda cls: cls(1, (2,), "n", {}, 5), id="a value too many"),
        pytest.param(lambda cls: [cls(x=number).x for number in range(20)], id="many of them"),
        pytest.param(lambda cls: type("Inner", (cls,), {})(x=1).y, id="made of a class that inherits from it"),
        pytest.param(lambda cls: hasattr(cls(x=1), "__dict__"), id="slots"),
    ],
)
def test_it_does_what_the_standard_library_does(options: dict[str, bool], use: Callable[[type], object]) -> None:
    standard, quick = both(point, options)
    assert said(quick, use) == said(standard, use)


@quick_dataclass.dataclass(frozen=True, slots=True)
class Sent:
    text: str
    rest: tuple[int, ...] = ()


@quick_dataclass.dataclass(frozen=True, slots=True)
class SentAlone:
    text: str


@quick_dataclass.dataclass(frozen=True, slots=True, kw_only=True)
class SentByName(SentAlone):
    number: int = 3


@quick_dataclass.dataclass(frozen=True)
class SentWithoutSlots(SentAlone):
    number: int = 3


@pytest.mark.parametrize(
    "value",
    [SentWithoutSlots("a", 4), Sent("a", (1, 2)), SentAlone("a"), SentAlone((1, 2)), SentByName(text="a", number=4)],  # type: ignore[arg-type]
    ids=repr,
)
def test_it_can_be_pickled_and_copied(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
    assert copy.copy(value) == value


def test_methods_of_its_own_are_kept() -> None:
    def shouting(decorator: Any) -> type:
        @decorator
        class Shouting:
            text: str

            def __eq__(self, other: object) -> bool:
                return isinstance(other, Shouting) and self.text.upper() == other.text.upper()

            def __hash__(self) -> int:
                return hash(self.text.upper())

            def __repr__(self) -> str:
                return self.text.upper()

        return Shouting

    for cls in both(shouting, {"frozen": True}):
        assert (cls("a") == cls("A"), hash(cls("a")) == hash(cls("A")), repr(cls("a"))) == (True, True, "A")


@pytest.mark.parametrize("options", [{"frozen": True, "slots": True}, {"slots": True, "kw_only": True}], ids=str)
def test_a_class_that_inherits_from_another(options: dict[str, bool]) -> None:
    def made(decorator: Any) -> type:
        @decorator
        class Base:
            x: int
            y: int = 2

        @decorator
        class Derived(Base):
            y: int = 3
            z: tuple[int, ...] = ()

        return Derived

    standard, quick = both(made, options)
    for use in (
        lambda cls: cls.__slots__,
        lambda cls: repr(cls(x=1)),
        lambda cls: [each.name for each in dataclasses.fields(cls)],
        lambda cls: cls(x=1, z=(4,)) == cls(x=1, y=3, z=(4,)),
        lambda cls: cls(1, 2, (3,)).z,
    ):
        assert said(quick, use) == said(standard, use)


def test_a_class_without_fields() -> None:
    @quick_dataclass.dataclass(frozen=True)
    class Nothing:
        """Nothing."""

    assert (Nothing(), {Nothing()}, repr(Nothing())) == (Nothing(), {Nothing()}, f"{Nothing.__qualname__}()")
