"""What a tool that is called to set a key of its own configuration does to its files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from layerlint.caches.config_text import read_tree, without_ini_key
from layerlint.caches.settings import ToolSettings
from layerlint.image.files import Files
from layerlint.shell.word import is_known
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.tools.config import ConfigFile, ConfigWriter, Form
from layerlint.tools.invocation import Invocation

# A key of TOML, which may be in a table, that needs no quotes.
_KEY = lazy_pattern(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


def files_after(invocation: Invocation, files: Files) -> Files:
    """The files once the tool has run."""
    config = invocation.tool.config
    writer = config.written_by if config is not None else None
    if config is None or writer is None:
        return files
    unset = next((use for use in writer.unset_by if invocation.is_use(use)), None)
    if unset is not None:
        keys = [word.value for word in invocation.arguments[len(unset.arguments) :]]
        return _without_keys(keys, invocation, writer, files)
    use = next((use for use in writer.set_by if invocation.is_use(use)), None)
    file, path = _file(invocation, writer, files) if use is not None else (None, "")
    if use is None or file is None or not is_known(path):
        return files
    form = file.form or config.form
    pairs = _pairs(form, [word.value for word in invocation.arguments[len(use.arguments) :]])
    if not pairs:
        return files
    text = files.content.get(path, "")
    certain = invocation.command.branch.always and all(is_known(key + value) for key, value in pairs)
    if text is None or not certain:
        return files.with_file(path, None)
    for key, value in pairs:
        text = _with_key(form, text, writer.section, writer.prefix + key, value)
    return files.with_file(path, text)


def _file(invocation: Invocation, writer: ConfigWriter, files: Files) -> tuple[ConfigFile | None, str]:
    """The file that is written, and its path: of several in one scope the strongest."""
    return next(iter(_files(invocation, writer, files)), (None, ""))


def _files(invocation: Invocation, writer: ConfigWriter, files: Files) -> Sequence[tuple[ConfigFile, str]]:
    """The files of the scope that is said, with their paths, the strongest first."""
    given = [writer.scopes[option.name] for option in invocation.options if option.name in writer.scopes]
    scope = given[0] if given else writer.default_scope
    paths = reversed([*ToolSettings(invocation, files).config_paths()])
    return [
        (file, path)
        for file, path in paths
        if file.scope == scope and not (file.if_there and path not in files.content)
    ]


def _without_keys(keys: Sequence[str], invocation: Invocation, writer: ConfigWriter, files: Files) -> Files:
    """The files once keys have been taken out: each out of the strongest file that has it.

    Where that cannot be worked out, no file that there is is known any more.
    """
    config = invocation.tool.config
    found = [path for _, path in _files(invocation, writer, files) if path in files.content]
    if (
        config is None
        or config.form != "ini"
        or not invocation.command.branch.always
        or not all(is_known(key) for key in keys)
    ):
        paths = ToolSettings(invocation, files).config_paths()
        for path in [path for _, path in paths if path in files.content]:
            files = files.with_file(path, None)
        return files
    for key in keys:
        for path in found:
            text = files.content[path]
            left = without_ini_key(text, key) if text is not None else None
            if left is not None:
                files = files.with_file(path, left)
                break
    return files


def _pairs(form: Form, arguments: Sequence[str]) -> Sequence[tuple[str, str]]:
    """The keys and values that are set, none where they cannot be told."""
    if "\n" in "".join(arguments):
        return ()
    if form == "lines":  # several may be set, each by one word or by two
        words = iter(arguments)
        parts = (word.partition("=") for word in words)
        return [(key, value if equals else next(words, "")) for key, equals, value in parts]
    return [(arguments[0], arguments[1])] if len(arguments) == 2 else ()


def _with_key(form: Form, text: str, section: str, key: str, value: str) -> str:
    """A file's text once a key is set in it, or as it was where such a key cannot be."""
    match form:
        case "ini":
            table, dot, name = key.partition(".")
            return f"{text}\n[{table}]\n{name} = {value}\n" if dot else text
        case "lines":
            return f"{text}\n{key} = {value}\n"
        case "words":
            return f"{text}\n{key} {value}\n"
        case "toml":
            return _with_toml(text, f"{key} =", value) if _KEY.fullmatch(key) else text
        case "yaml" | "json":  # what is JSON is YAML
            return json.dumps(_with_member(read_tree(form, text), section, key, value))


def _with_toml(text: str, start: str, value: str) -> str:
    """In a TOML file a table reaches to the next one, so what is in none stands in front; and no key stands twice."""
    kept = [line for line in text.splitlines() if not line.startswith(start)]
    return "\n".join([f"{start} {json.dumps(value)}", *kept, ""])


def _with_member(tree: Mapping[str, Any], section: str, key: str, value: str) -> Mapping[str, Any]:
    if not section:
        return {**tree, key: value}
    table = tree.get(section)
    return {**tree, section: {**(table if isinstance(table, dict) else {}), key: value}}
