"""`dataclass` as in the standard library, for type checkers and readers; made in a quarter of the time.

A run makes a hundred dataclasses before it reads its first file. The standard library compiles five methods for each,
most of which are never called. Here all classes share them, an `__init__` is compiled when it has been called a few
times, and what `dataclasses.fields` says is found out when somebody asks. One thing is different: nobody stops who sets
a field of a frozen instance but the type checker.
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

    # A class's own fields by name: the default, what makes one, whether it is compared, whether it is given by name.
    _FIELDS = "__quick_fields__"
    _OF_STANDARD_LIBRARY = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
    _CALLS_BEFORE_COMPILING = 8  # which takes as long as ten calls before; of most classes a small run makes no more

    def dataclass(cls=None, /, *, frozen=False, order=False, slots=False, kw_only=False):
        """As the standard library's."""
        if cls is None:
            return partial(dataclass, frozen=frozen, order=order, slots=slots, kw_only=kw_only)
        body = dict(cls.__dict__)
        own = {
            name: _field(body.get(name, dataclasses.MISSING), kw_only)
            for name, annotation in cls.__annotations__.items()
            if not str(annotation).startswith(("ClassVar", "typing.ClassVar"))
        }
        fields = {}
        for base in reversed(cls.__mro__):
            fields.update(base.__dict__.get(_FIELDS, ()))
        fields.update(own)
        methods = {"__init__": _init(fields), "__repr__": _shown, **_comparisons(fields, frozen, order)}
        by_position = slots and fields and not any(by_name for *_, by_name in fields.values())
        methods["__reduce__"] = _reduced(fields) if by_position else object.__reduce__  # not that of a base
        added = {name: method for name, method in methods.items() if name not in body}
        added["__doc__"] = cls.__doc__ or cls.__name__
        added[_FIELDS] = own
        made = _with_slots(cls, body, own, fields, added) if slots else _changed(cls, body, own, added)
        ask = partial(_ask_standard_library, made, {name: body[name] for name in own if name in body}, kw_only)
        for name in _OF_STANDARD_LIBRARY:
            setattr(made, name, _WhenAsked(name, ask))
        return made

    def _with_slots(cls, body, own, fields, added):
        """The class made anew, since nothing can have slots that is there already."""
        kept = {name: value for name, value in body.items() if name not in (*own, "__dict__", "__weakref__")}
        taken = {name for base in cls.__mro__ for name in base.__dict__.get("__slots__", ())}
        slots = {"__slots__": tuple(name for name in fields if name not in taken), "__qualname__": cls.__qualname__}
        return type(cls)(cls.__name__, cls.__bases__, {**kept, **added, **slots})

    def _changed(cls, body, own, added):
        for name, (default, *_) in own.items():
            if default is not dataclasses.MISSING:
                setattr(cls, name, default)
            elif name in body:
                delattr(cls, name)
        for name, value in added.items():
            setattr(cls, name, value)
        return cls

    def _field(default, kw_only):
        if not isinstance(default, dataclasses.Field):
            return default, dataclasses.MISSING, True, kw_only
        by_name = kw_only if default.kw_only is dataclasses.MISSING else default.kw_only
        return default.default, default.default_factory, default.compare, by_name

    def _ask_standard_library(cls, defaults, kw_only):
        """Give a class what the standard library's has for those who look at it."""
        annotations = {name: cls.__annotations__[name] for name in cls.__dict__[_FIELDS]}
        body = {"__module__": cls.__module__, "__doc__": cls.__doc__, "__annotations__": annotations, **defaults}
        standard = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)
        asked = standard(type(cls)(cls.__name__, cls.__bases__, body))
        for name in _OF_STANDARD_LIBRARY:
            setattr(cls, name, getattr(asked, name))

    class _WhenAsked:
        """An attribute that is there when somebody asks for it."""

        def __init__(self, name, ask):
            self._name, self._ask = name, ask

        def __get__(self, instance, owner):
            self._ask()
            return getattr(owner, self._name)

    def _init(fields):
        """The `__init__` of a class with these fields."""
        calls = 0

        def method(self, *args, **kwargs):
            nonlocal calls
            calls += 1
            if calls > _CALLS_BEFORE_COMPILING or not _fill(self, fields, args, kwargs):
                cls = next(base for base in type(self).__mro__ if base.__dict__.get("__init__") is method)
                cls.__init__ = _compiled(fields)
                cls.__init__(self, *args, **kwargs)

        return method

    def _fill(instance, fields, args, kwargs):
        """Set the fields of an instance; say no if these are not the arguments for them."""
        values = dict(zip([name for name, (*_, by_name) in fields.items() if not by_name], args, strict=False))
        if len(values) < len(args) or not values.keys().isdisjoint(kwargs) or not kwargs.keys() <= fields.keys():
            return False
        values |= kwargs
        for name, (default, make, *_) in fields.items():
            if name in values:
                setattr(instance, name, values[name])
            elif default is not dataclasses.MISSING:
                setattr(instance, name, default)
            elif make is not dataclasses.MISSING:
                setattr(instance, name, make())
            else:
                return False
        return True

    def _compiled(fields):
        """What the standard library compiles for such fields, of which one may be given or not."""
        known = {"_MADE": object()}
        signature = {False: ["self"], True: []}
        body = []
        for name, (default, make, _, by_name) in fields.items():
            parameter, value = name, name
            if default is not dataclasses.MISSING:
                known[f"_default_{name}"] = default
                parameter = f"{name}=_default_{name}"
            elif make is not dataclasses.MISSING:
                known[f"_make_{name}"] = make
                parameter = f"{name}=_MADE"
                value = f"_make_{name}() if {name} is _MADE else {name}"
            signature[by_name].append(parameter)
            body.append(f" self.{name}={value}")
        parameters = [*signature[False], *(["*", *signature[True]] if signature[True] else ())]
        source = [f"def __init__({', '.join(parameters)}):", *(body or [" pass"])]
        exec("\n".join(source), known)  # noqa: S102 (as the standard library does)
        return known["__init__"]

    def _comparisons(fields, frozen, order):
        names = [name for name, (_, _, is_compared, _) in fields.items() if is_compared]
        values = attrgetter(*names) if names else lambda _: ()
        methods = {"__hash__": (lambda self: hash(values(self))) if frozen else None}
        for compare in (eq, lt, le, gt, ge) if order else (eq,):
            methods[f"__{compare.__name__}__"] = _compared(compare, values)
        return methods

    def _reduced(fields):
        """For pickling: the class and what it is called with, in half the time that slots one by one take."""
        values = attrgetter(*fields)
        if len(fields) == 1:
            return lambda self: (self.__class__, (values(self),))
        return lambda self: (self.__class__, values(self))

    def _compared(compare, values):
        def method(self, other):
            return compare(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

        return method

    def _shown(self):
        fields = [f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr]
        return f"{type(self).__qualname__}({', '.join(fields)})"
