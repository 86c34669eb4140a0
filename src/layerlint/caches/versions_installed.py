"""What a tool that installs another version of itself makes of its version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.tools.invocation import Invocation
from layerlint.tools.tool import OwnPackage
from layerlint.versions import NEWEST

# What is behind a package's name: `==3.9`, `@3.9`; `>=3.9`, `@latest` and nothing allow the newest.
_EXACT = lazy_pattern(r"(?:===?|@)v?([0-9]+(?:\.[0-9]+)*)")
_NEWEST = lazy_pattern(r"(?:>=?[^,<!]*|@latest)?")


def versions_after(
    invocation: Invocation, own: OwnPackage, versions: Mapping[str, str], newest: Mapping[str, str]
) -> Mapping[str, str]:
    """The known versions of tools, by the tools' names, and of its other packages, once the call has been made.

    `newest` are those that can be installed at most, where the image says so. Of another tool whose version was not
    known there may be several (for two versions of Python), of which only one is another one now: that it has been
    renewed does not say what the others are.
    """
    written = [word.value.strip().replace(" ", "") for word in invocation.arguments]
    if invocation.is_any(own.version_set_by):
        behind = f"@{written[0]}" if written else None
        return _with(invocation, own, invocation.tool.tool, behind, versions, newest)
    installs = invocation.is_any(own.installed_by)
    behind = _behind(own.name, written) if installs else None
    if behind is None and invocation.is_any(own.renewed_by) and _behind(own.name, written) is None:
        behind = ""
    versions = _with(invocation, own, invocation.tool.tool, behind, versions, newest)
    for package in own.others if installs else ():
        versions = _with(invocation, own, package, _behind(package, written), versions, newest)
    return versions


def _behind(name: str, written: Sequence[str]) -> str | None:
    """What stands behind the name of a package in the last argument that names it; None where none does."""
    behind = [text.removeprefix(name) for text in written if text.startswith(name)]
    return next((text for text in reversed(behind) if not text or text[0] in "=<>!~@"), None)


def _with(
    invocation: Invocation,
    own: OwnPackage,
    tool: str,
    behind: str | None,
    versions: Mapping[str, str],
    newest: Mapping[str, str],
) -> Mapping[str, str]:
    """The versions once that of `tool` has been installed of which this is behind the name; None for none."""
    if behind is None:
        return versions
    others = {name: version for name, version in versions.items() if name != tool}
    named = own.version_names.get(behind.removeprefix("@"))
    if invocation.command.branch.always and (exact := _EXACT.fullmatch(f"@{named}" if named else behind)):
        return {**others, tool: exact[1]}
    at_most = newest.get(tool, NEWEST if tool in versions else "")
    return {**others, tool: at_most} if at_most and _NEWEST.fullmatch(behind) else others
