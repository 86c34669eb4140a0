"""`dataclass` as in the standard library, for type checkers and readers; made in a quarter of the time.

A run makes a hundred dataclasses before it reads its first file, and most of that time goes into compiling methods:
`__setattr__`, `__eq__`, `__repr__` and others, of which it calls next to none, and the `__init__` of every class, of
which it needs a third. Here all classes share the former, and an `__init__` is compiled when it is first called.
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
        cls = dataclasses.dataclass(init=False, eq=False, repr=False, slots=slots, kw_only=kw_only)(cls)
        names = [field.name for field in dataclasses.fields(cls) if field.compare]
        values = attrgetter(*names) if names else lambda _: ()
        methods = {"__init__": _compiled_when_called(cls), "__repr__": _shown}
        methods["__hash__"] = (lambda self: hash(values(self))) if frozen else None
        for compare in (eq, lt, le, gt, ge) if order else (eq,):
            methods[f"__{compare.__name__}__"] = _compared(compare, values)
        for name, method in methods.items():
            if name not in cls.__dict__:
                setattr(cls, name, method)
        return cls

    def _compiled_when_called(cls):
        def method(self, *args, **kwargs):
            cls.__init__ = _init(dataclasses.fields(cls))
            cls.__init__(self, *args, **kwargs)

        return method

    def _init(fields):
        """The `__init__` that the standard library makes for such fields."""
        known = {"_FACTORY": object()}
        signature = {False: ["self"], True: []}
        body = []
        for field in fields:
            name = field.name
            parameter, value = name, name
            if field.default is not dataclasses.MISSING:
                known[f"_default_{name}"] = field.default
                parameter = f"{name}=_default_{name}"
            elif field.default_factory is not dataclasses.MISSING:
                known[f"_make_{name}"] = field.default_factory
                parameter = f"{name}=_FACTORY"
                value = f"_make_{name}() if {name} is _FACTORY else {name}"
            signature[field.kw_only].append(parameter)
            body.append(f" self.{name}={value}")
        parameters = [*signature[False], *(["*", *signature[True]] if signature[True] else ())]
        source = [f"def __init__({', '.join(parameters)}):", *(body or [" pass"])]
        exec("\n".join(source), known)  # noqa: S102 (as the standard library does)
        return known["__init__"]

    def _compared(compare, values):
        def method(self, other):
            return compare(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

        return method

    def _shown(self):
        fields = [f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr]
        return f"{type(self).__qualname__}({', '.join(fields)})"
