"""Ways of calling a tool, as data."""

from __future__ import annotations

from typing import TypeVar

from layerlint.startup.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A way of calling a tool.

    All that is named must hold: it is called by a name that matches a glob of `program`, the subcommand is one of
    `subcommand`, its first arguments are `arguments`, or the first matches a glob of `first_argument`, one of the
    options `with_option` is there and none of `without_option` (`--name`, `--name=value` for one with that value,
    `--name*2` for one that is there twice), and one of its arguments, or the value of one of `values_of`, matches a
    glob of `any_argument` and none of `except_argument`. With `needs_argument_or` there must be an argument, or one of
    these options; with `no_arguments` there must be none. With `input_from` it reads what one of these programs prints;
    with `except_input` what prints its input, if something does, has no argument that matches one of these globs.
    `version` is the range in which the tool's own must be (`>=3.9, <3.12`); where that is not known, it is taken for
    the newest.
    """

    program: tuple[str, ...] = ()
    subcommand: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    first_argument: tuple[str, ...] = ()
    with_option: tuple[str, ...] = ()
    without_option: tuple[str, ...] = ()
    any_argument: tuple[str, ...] = ()
    except_argument: tuple[str, ...] = ()
    values_of: tuple[str, ...] = ()
    needs_argument_or: tuple[str, ...] = ()
    input_from: tuple[str, ...] = ()
    except_input: tuple[str, ...] = ()
    no_arguments: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptying(Use):
    """A way of calling a tool that empties a cache, or only these `parts` of it."""

    parts: tuple[str, ...] = ()


AnyUse = TypeVar("AnyUse", bound=Use)
