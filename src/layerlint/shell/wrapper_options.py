"""The options of a program that starts another one: those in front of the command, read as getopt does."""

from __future__ import annotations

from layerlint.shell.options import Options, options_in
from layerlint.shell.word import Word
from layerlint.shell.wrapper import Wrapper
from layerlint.startup.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class WrapperOptions(Options):
    """The options of a wrapper, and the program's name where one of them gives it (`python -m`)."""

    module: Word | None = None


def read_wrapper_options(wrapper: Wrapper, arguments: tuple[Word, ...]) -> WrapperOptions:
    """The options in front; with a user as first word (`su app -c ...`) also those behind it."""
    given: dict[str, tuple[Word | None, ...]] = {}
    rest: list[Word] = []
    waiting = ""  # a shell takes the first word that is no option for what `-c` is to run
    following = list(reversed(arguments))
    while following:
        word = following.pop()
        value = word.value
        if value == "--":
            break
        if wrapper.slashed and value in wrapper.script:
            # All that follows is the script. What SHELL has there, which is not in the RUN, is left out.
            behind = tuple(reversed(following))
            script = tuple(word for word in behind if word.span is not None) or behind[-1:]
            return WrapperOptions({**given, value: script})
        if _is_option(wrapper, value):
            found_in = [(value, None)] if wrapper.slashed else options_in(word, wrapper.value_options)
            for name, attached in found_in:
                found = attached
                if wrapper.is_shell and name in wrapper.script and not wrapper.slashed:
                    waiting = name
                    continue
                if found is None and name in wrapper.value_options and following:
                    found = following.pop()
                given[name] = (*given.get(name, ()), found)
                if name in wrapper.module and found is not None:
                    return WrapperOptions(given, tuple(reversed(following)), found)
            continue
        rest.append(word)
        if not (wrapper.user_first and wrapper.script and len(rest) == 1):
            break
    rest += reversed(following)
    if waiting and rest:
        given[waiting] = (rest.pop(0),)
    return WrapperOptions(given, tuple(rest))


def _is_option(wrapper: Wrapper, value: str) -> bool:
    if wrapper.slashed:
        return value.startswith(("-", "/"))
    return (value.startswith("-") and value != "-") or (value == "-" and wrapper.user_first)
