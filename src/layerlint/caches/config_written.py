"""What a tool that is called to set a key of its own configuration does to its files."""

from __future__ import annotations

from collections.abc import Sequence

from layerlint.caches.settings import Settings
from layerlint.image.files import Files
from layerlint.shell.word import is_known
from layerlint.tools.invocation import Invocation
from layerlint.tools.tool import ConfigWriter


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
    known = before is not None and invocation.command.branch.always and is_known(added)
    return files.with_file(path, f"{before}\n{added}\n" if known else None)


def _path(invocation: Invocation, writer: ConfigWriter, files: Files) -> str | None:
    """The file that is written: of several in one scope the strongest."""
    given = [writer.scopes[option.name] for option in invocation.options if option.name in writer.scopes]
    scope = given[0] if given else writer.default_scope
    return next(
        (path for file, path in reversed([*Settings(invocation, files).config_paths()]) if file.scope == scope), None
    )


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
        case "lines", [pair] if "=" in pair:
            return pair
    return ""
