"""Classes that are their fields, as `dataclasses` makes them, without a method that is compiled for each.

The standard decorator writes and compiles six methods a class, which for all classes takes as long as the answer to a first
block. Here they are closures over the fields; what `fields`, `replace`, `asdict` and `match` go by is the standard's. They are
slower where arguments are named: a class that is made by the thousand takes the standard decorator.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    from dataclasses import MISSING, FrozenInstanceError, fields
    from functools import partial
    from operator import attrgetter

    _put = object.__setattr__

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """Return the class with its methods; the options are those of `dataclasses.dataclass` that are used here."""
        return _made(cls) if cls else partial(_made, **options)

    def _made(given: type, *, frozen: bool = False, slots: bool = False, eq: bool = True, kw_only: bool = False) -> type:
        given.__doc__ = given.__doc__ or given.__name__  # where there is none, the standard decorator writes out a signature
        own = {*vars(given)}
        cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(given)
        methods = {"__init__": _initial(cls), "__repr__": _repr}
        if eq:
            methods["__eq__"] = _equal([f.name for f in fields(cls) if f.compare])
            methods["__hash__"] = (
                _hash([f.name for f in fields(cls) if (f.compare if f.hash is None else f.hash)]) if frozen else None
            )
        if frozen:
            methods |= {"__setattr__": _refused, "__delattr__": _refused}
        if frozen and slots:
            methods |= {"__getstate__": _state, "__setstate__": _restored}
        for name in methods.keys() - own:
            setattr(cls, name, methods[name])
        return cls

    def _initial(cls: type) -> Any:
        listed = sorted((f for f in fields(cls) if f.init), key=lambda f: f.kw_only)
        puts = [vars(cls)[f.name].__set__ if f.name in vars(cls).get("__slots__", ()) else _putting(cls, f.name) for f in listed]
        count, settle = len(listed), getattr(cls, "__post_init__", None)

        def initial(self: Any, *given: Any, **named: Any) -> None:
            if named or len(given) != count:
                given = _completed(cls, listed, given, named)
            for put, value in zip(puts, given):  # noqa: B905 - as many of both
                put(self, value)
            if settle:
                self.__post_init__()

        return initial

    def _putting(cls: type, name: str) -> Any:
        inherited = getattr(cls, name, None)
        return inherited.__set__ if hasattr(inherited, "__set__") else lambda self, value: _put(self, name, value)

    def _completed(cls: type, listed: list[Any], given: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
        """Return the values of all fields: those that are given, by place or name, and the defaults."""
        values = [*given]
        for f in listed[len(given) :]:
            if f.name in named:
                values.append(named.pop(f.name))
            elif f.default is not MISSING:
                values.append(f.default)
            elif f.default_factory is not MISSING:
                values.append(f.default_factory())
            else:
                raise TypeError(f"{cls.__name__}() needs a value for {f.name!r}")
        if named or len(values) > len(listed):
            raise TypeError(f"{cls.__name__}() takes no {next(iter(named), 'further value')!r}")
        return values

    def _equal(names: list[str]) -> Any:
        said = _said(names)
        return lambda self, other: said(self) == said(other) if other.__class__ is self.__class__ else NotImplemented

    def _hash(names: list[str]) -> Any:
        said = _said(names)
        return lambda self: hash(said(self))

    def _said(names: list[str]) -> Any:
        return attrgetter(*names) if names else lambda _: ()

    def _repr(self: Any) -> str:
        told = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
        return f"{self.__class__.__qualname__}({told})"

    def _refused(self: Any, name: str, *value: Any) -> None:
        raise FrozenInstanceError(f"cannot change field {name!r}")

    def _state(self: Any) -> list[Any]:
        return [getattr(self, f.name) for f in fields(self)]

    def _restored(self: Any, state: list[Any]) -> None:
        for f, value in zip(fields(self), state, strict=True):
            _put(self, f.name, value)
