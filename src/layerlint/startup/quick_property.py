"""`cached_property` as Python 3.12 has it: without the lock that every first access waits for before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from functools import cached_property

    __all__ = ["cached_property"]
else:

    class cached_property:  # noqa: N801 (it stands for that of the standard library)
        """As the standard library's."""

        def __init__(self, function: Any) -> None:
            self.func = function
            self.__doc__ = function.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self._name = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            """The value, kept under the property's name, so that the next access finds it before this property."""
            if instance is None:
                return self
            value = instance.__dict__[self._name] = self.func(instance)
            return value
