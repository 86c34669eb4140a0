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
    behind = _behind_name(invocation, own)
    if behind is None:
        return versions
    tool = invocation.tool.tool
    others = {name: version for name, version in versions.items() if name != tool}
    named = own.version_names.get(behind.removeprefix("@"))
    if invocation.command.branch.always and (exact := _EXACT.fullmatch(f"@{named}" if named else behind)):
        return {**others, tool: exact[1]}
    return {**others, tool: NEWEST} if tool in versions and _NEWEST.fullmatch(behind) else others


def _behind_name(invocation: Invocation, own: OwnPackage) -> str | None:
    """What stands behind the name of the package, or would; None where the call installs no other version."""
    written = [word.value.strip().replace(" ", "") for word in invocation.arguments]
    if invocation.is_any(own.version_set_by):
        return f"@{written[0]}" if written else None
    behind = [text.removeprefix(own.name) for text in written if text.startswith(own.name)]
    behind = [text for text in behind if not text or text[0] in "=<>!~@"]
    if not behind:
        return "" if invocation.is_any(own.renewed_by) else None
    return behind[-1] if invocation.is_any(own.installed_by) else None
