"""All the tools that are known, found by the name of a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from layerlint.globs.name_glob import is_glob, matches, matches_any
from layerlint.shell.command import Command
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_property import cached_property
from layerlint.tools.bringer import Bringer, brings
from layerlint.tools.invocation import Invocation, read_invocation
from layerlint.tools.mentions import Mentions
from layerlint.tools.tool import Tool

_NO_LETTER = lazy_pattern(r"[^a-z0-9]+")


class Catalog:
    """The known tools. A program is a tool's when the tool names it; a name without `*` counts before a glob."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        """`tools` in the order in which their globs are tried."""
        self._tools = tuple(tools)
        self._exact = {name: tool for tool in tools for name in tool.names if not is_glob(name)}
        self._modules = {name: tool for tool in tools for name in tool.modules}
        self._globs = [(name, tool) for tool in tools for name in tool.names if is_glob(name)]
        self._brought = [(tool.tool, bringer) for tool in tools for bringer in tool.brought_by]
        # The same few names come again and again.
        self.tool_named = lru_cache(maxsize=1024)(self._tool_named)
        self._brought_with = lru_cache(maxsize=1024)(self._bringers)

    def read(self, command: Command, versions: Mapping[str, str]) -> Invocation | None:
        """The command as a tool's, None when its program belongs to none.

        `versions` are those that are known, by the name of the tool, or of a program whose versions are its own.
        """
        tool = self.tool_of(command)
        if tool is None:
            return None
        return read_invocation(tool, command, versions.get(command.name) or versions.get(tool.tool, ""))

    def tool_of(self, command: Command) -> Tool | None:
        """The tool that a command calls."""
        tool = self.tool_named(command.name)
        return self._modules.get(command.name) if tool is None and command.is_module else tool

    def without_brought(self, command: Command, versions: Mapping[str, str]) -> Mapping[str, str]:
        """The versions that are still known, by tool, once a program has run that may bring others."""
        bringers = self._brought_with(command.name)
        if not bringers:  # nearly all programs bring none
            return versions
        brought = [tool for tool, bringer in bringers if brings(bringer, command, versions)]
        return {name: version for name, version in versions.items() if name not in brought} if brought else versions

    def _bringers(self, program: str) -> Sequence[tuple[str, Bringer]]:
        return [(tool, bringer) for tool, bringer in self._brought if matches_any(program, bringer.program)]

    def _tool_named(self, name: str) -> Tool | None:
        """The tool whose program is called `name` (without a path)."""
        tool = self._exact.get(name)
        if tool is None:
            tool = next((tool for glob, tool in self._globs if matches(name, glob)), None)
        return tool

    @cached_property
    def config_names(self) -> frozenset[str]:
        """The names, without directories, of the tools' configuration files, and of what says where a cache is."""
        return self._switch_names | {_name(path) for path in self._paths} - {""}

    @cached_property
    def mentioned_in(self) -> Mentions:
        """Whether a text names any of the tools, of their configuration files, or of what else brings the tools."""
        programs = {name for tool in self._tools for name in (*tool.names, *tool.modules)}
        # Who writes to `.tool/config` names the tool; `config` alone would be found everywhere.
        files = {_name(path) for path in self._paths if programs.isdisjoint(_NO_LETTER.split(path.lower()))}
        bringing = {name for _, bringer in self._brought for name in bringer.program}
        return Mentions({*programs, *bringing, *self._switch_names, *files} - {""})

    @property
    def _paths(self) -> Iterator[str]:
        return (path for tool in self._tools for path in (*tool.config_paths, *tool.location_paths))

    @cached_property
    def _switch_names(self) -> frozenset[str]:
        return frozenset(_name(path) for tool in self._tools for path in tool.switch_paths)


def _name(path: str) -> str:
    """A path's last part; empty where only a variable says the path."""
    return path.rpartition("/")[2]
