"""What a tool that installs another version of itself makes of its version."""

from __future__ import annotations

from collections.abc import Mapping

from layerlint.lazy_pattern import lazy_pattern
from layerlint.tools.invocation import Invocation
from layerlint.tools.tool import OwnPackage
from layerlint.versions import NEWEST

# What is behind a package's name: `==3.9`, `@3.9`; `>=3.9`, `@latest` and nothing allow the newest.
_EXACT = lazy_pattern(r"(?:===?|@)v?([0-9]+(?:\.[0-9]+)*)")
_NEWEST = lazy_pattern(r"(?:>=?[^,<!]*|@latest)?")


def versions_after(invocation: Invocation, own: OwnPackage, versions: Mapping[str, str]) -> Mapping[str, str]:
    """The known versions of tools, by the tools' names, once the call has been made.

    A tool whose version was not known may be there several times (for two versions of Python), of which only one is
    another one now: that it has been renewed does not say what the others are.
    """
    written = (word.value.strip().replace(" ", "") for word in invocation.arguments)
    behind = [text.removeprefix(own.name) for text in written if text.startswith(own.name)]
    behind = [text for text in behind if not text or text[0] in "=<>!~@"]
    if not behind and invocation.is_any(own.renewed_by):
        behind = [""]
    elif not behind or not invocation.is_any(own.installed_by):
        return versions
    tool = invocation.tool.tool
    others = {name: version for name, version in versions.items() if name != tool}
    if invocation.command.branch.always and (exact := _EXACT.fullmatch(behind[-1])):
        return {**others, tool: exact[1]}
    return {**others, tool: NEWEST} if tool in versions and _NEWEST.fullmatch(behind[-1]) else others
