"""Objects that are only read as a whole when somebody asks for more of them than is at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")

_READ = "_read"


def unread(cls: type[T], at_hand: Mapping[str, object], read: Callable[[], T]) -> T:
    """An instance of `cls`, a dataclass without slots, that has the fields `at_hand`.

    At the first question about anything else it becomes what `read` gives: nobody can tell the difference, but by time.
    """
    instance: T = object.__new__(_unread_class(cls, frozenset(at_hand)))  # type: ignore[arg-type]  # as every class, it is hashable
    _fields(instance).update(at_hand, **{_READ: read})
    return instance


@cache
def _unread_class(cls: Any, at_hand: frozenset[str]) -> Any:
    known = at_hand | {"__class__"}

    class Unread(cls):  # type: ignore[misc]  # a class that is a variable
        def __getattribute__(self, name: str) -> Any:
            if name in known:
                return object.__getattribute__(self, name)
            return getattr(_whole(self), name)

        # The interpreter looks for these in the class and does not ask the object.
        def __eq__(self, other: object) -> bool:
            return bool(_whole(self) == other)

        def __hash__(self) -> int:
            return hash(_whole(self))

        def __repr__(self) -> str:
            return repr(_whole(self))

    def _whole(instance: Any) -> Any:
        fields = _fields(instance)
        fields.update(vars(fields.pop(_READ)()))
        object.__setattr__(instance, "__class__", cls)
        return instance

    return Unread


def _fields(instance: object) -> dict[str, Any]:
    """An instance's fields, whatever it says to questions."""
    fields: dict[str, Any] = object.__getattribute__(instance, "__dict__")
    return fields
