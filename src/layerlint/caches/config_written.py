"""What a tool that is called to set a key of its own configuration does to its files."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from layerlint.caches.settings import Settings
from layerlint.image.files import Files
from layerlint.shell.word import is_known
from layerlint.tools.invocation import Invocation
from layerlint.tools.tool import ConfigWriter

# A key of TOML, which may be in a table, that needs no quotes.
_KEY = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


def files_after(invocation: Invocation, files: Files) -> Files:
    """The files once the tool has run."""
    config = invocation.tool.config
    writer = config.written_by if config is not None else None
    if config is None or writer is None:
        return files
    if writer.unset_use is not None and invocation.is_use(writer.unset_use):
        # What is left then would have to be worked out; it is not known.
        unset = [path for _, path in Settings(invocation, files).config_paths() if path in files.content]
        for written in unset:
            files = files.with_file(written, None)
        return files
    if not invocation.is_use(writer.use):
        return files
    arguments = [word.value for word in invocation.arguments[len(writer.use.arguments) :]]
    added = _added(config.form, arguments)
    path = _path(invocation, writer, files)
    if not added or path is None or not is_known(path):
        return files
    before = files.content.get(path, "")
    if before is None or not invocation.command.branch.always or not is_known(added):
        return files.with_file(path, None)
    return files.with_file(path, _with_toml(before, added) if config.form == "toml" else f"{before}\n{added}\n")


def _path(invocation: Invocation, writer: ConfigWriter, files: Files) -> str | None:
    """The file that is written: of several in one scope the strongest."""
    given = [writer.scopes[option.name] for option in invocation.options if option.name in writer.scopes]
    scope = given[0] if given else writer.default_scope
    return next(
        (path for file, path in reversed([*Settings(invocation, files).config_paths()]) if file.scope == scope), None
    )


def _with_toml(before: str, added: str) -> str:
    """In a TOML file a table reaches to the next one, so what is in none stands in front; and no key stands twice."""
    key = added[: added.index("=") + 1]
    return "\n".join([added, *(line for line in before.splitlines() if not line.startswith(key)), ""])


def _added(form: str, arguments: Sequence[str]) -> str:
    """The lines that set a key, empty where they cannot be told."""
    if "\n" in "".join(arguments):
        return ""
    match form, arguments:
        case "ini", [name, value] if "." in name:
            section, _, key = name.partition(".")
            return f"[{section}]\n{key} = {value}"
        case "lines", [name, value]:
            return f"{name} = {value}"
        case "words", [name, value]:
            return f"{name} {value}"
        case "lines", [pair] if "=" in pair:
            return pair
        case "toml", [name, value] if _KEY.fullmatch(name):
            return f"{name} = {json.dumps(value)}"
    return ""
