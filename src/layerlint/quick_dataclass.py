"""`dataclass` as in the standard library, for type checkers and readers; made in a third of the time.

A run makes a hundred dataclasses before it reads its first file, and most of that time goes into compiling methods of
which it calls next to none: `__setattr__`, `__eq__`, `__repr__` and others of every class. Here all classes share them.
One thing is different: nobody stops who sets a field of a frozen instance but the type checker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass

    __all__ = ["dataclass"]
else:
    import dataclasses
    from functools import partial
    from operator import attrgetter, eq, ge, gt, le, lt

    def dataclass(cls=None, /, *, frozen=False, order=False, slots=False, kw_only=False):
        """As the standard library's."""
        if cls is None:
            return partial(dataclass, frozen=frozen, order=order, slots=slots, kw_only=kw_only)
        # Else the standard library makes one of the signature, which takes as long as all the rest.
        cls.__doc__ = cls.__doc__ or cls.__name__
        cls = dataclasses.dataclass(eq=False, repr=False, slots=slots, kw_only=kw_only)(cls)
        names = [field.name for field in dataclasses.fields(cls) if field.compare]
        values = attrgetter(*names) if names else lambda _: ()
        methods = {"__repr__": _shown}
        methods["__hash__"] = (lambda self: hash(values(self))) if frozen else None
        for compare in (eq, lt, le, gt, ge) if order else (eq,):
            methods[f"__{compare.__name__}__"] = _compared(compare, values)
        for name, method in methods.items():
            if name not in cls.__dict__:
                setattr(cls, name, method)
        return cls

    def _compared(compare, values):
        def method(self, other):
            return compare(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

        return method

    def _shown(self):
        fields = [f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr]
        return f"{type(self).__qualname__}({', '.join(fields)})"
