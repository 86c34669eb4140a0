"""The files of an image whose content matters (configuration), as far as the Dockerfile writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from layerlint.shell.command import Command
from layerlint.shell.options import Options, read_options
from layerlint.shell.paths import absolute
from layerlint.shell.printing import document_of, printed
from layerlint.shell.word import Word, is_known
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import decode
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass

# Programs that change files that their words name, with their options that take a value (the manuals of coreutils and
# sed).
_FOLDER = ("-t", "--target-directory")
_COPYING = (*_FOLDER, "-S", "--suffix")
_WRITERS: Mapping[str, tuple[str, ...]] = {
    "cp": _COPYING,
    "install": (*_COPYING, "-g", "--group", "-m", "--mode", "-o", "--owner"),
    "ln": _COPYING,
    "mkdir": ("-m", "--mode"),
    "mv": _COPYING,
    "rm": (),
    "sed": ("-e", "--expression", "-f", "--file", "-l", "--line-length"),
    "tee": (),
    "truncate": ("-r", "--reference", "-s", "--size"),
    "unlink": (),
}
_GLOB = lazy_pattern(r"[*?\[\\]")
_WRITES = frozenset({">", ">>", ">|", "&>", "&>>"})

# In characters. A file that grows line by line is read anew after each, and those of people have a few hundred.
_MAX_LENGTH = 8 * 1024


@dataclass(frozen=True, slots=True)
class Files:
    """What files hold, by absolute path; None for one that is there and not known. Only names of interest are kept."""

    content: Mapping[str, str | None]
    names: frozenset[str]
    """The file names, without directories, that are of interest."""

    def with_file(self, path: str, content: str | None) -> Files:
        """With one file more or changed. What is too long for a configuration is there and not known."""
        if content is not None and len(content) > _MAX_LENGTH:
            content = None
        return Files({**self.content, path: content}, self.names)

    def hold(self, names: Collection[str]) -> bool:
        """Whether there is a file with one of these names, without directories."""
        return any(path.rpartition("/")[2] in names for path in self.content)

    def interesting(self, path: str) -> bool:
        """Whether a file of this path is kept."""
        return path.rpartition("/")[2] in self.names

    def after(self, command: Command) -> Files:
        """The files once `command` has run: what it redirects into, copies, moves or removes."""
        files = _redirected(self, command) if command.redirections else self
        # Most commands have no word that is about such a file, where there is none.
        if command.name not in _WRITERS or not (files.content or any(map(self.interesting, _values(command)))):
            return files
        return _written(files, command)


def _values(command: Command) -> Iterator[str]:
    return (word.value for word in command.words)


def _written(files: Files, command: Command) -> Files:
    options = read_options(command.words[1:], _WRITERS[command.name])
    match command.name:
        case "tee":
            return _teed(files, command, options)
        case "rm" | "unlink":
            return _removed(files, command, options.rest)
        case "truncate" | "mkdir":
            return _changed(files, command, options.rest)
        case "sed":
            return _changed(files, command, options.rest) if options.any(("-i", "--in-place")) else files
        case "install" if options.any(("-d", "--directory")):
            return files
        case _:
            return _copied(files, command, options)


def _copied(files: Files, command: Command, options: Options) -> Files:
    """The files once a program has copied its first words to where its last one says, or has moved them there."""
    folder = options.last(_FOLDER)
    sources, targets = (options.rest, [folder]) if folder is not None else (options.rest[:-1], options.rest[-1:])
    if not sources:
        return files
    before, target = files.content, _absolute(command, targets[0].value)
    into_folder = folder is not None or len(sources) > 1 or targets[0].value.rpartition("/")[2] in {"", ".", ".."}
    if command.name == "mv":
        files = _removed(files, command, sources)
    for word in sources:
        source = _absolute(command, word.value)
        # What has no name of interest may be a folder.
        is_folder = into_folder or not files.interesting(target)
        path = f"{target}/{source.rpartition('/')[2]}" if is_folder else target
        files = _store(files, command, path, before.get(source), ">")
    return files


def _changed(files: Files, command: Command, targets: Sequence[Word]) -> Files:
    for word in targets:
        files = _store(files, command, word.value, None, ">")
    return files


def _redirected(files: Files, command: Command) -> Files:
    into = [
        (each.target.value, each.operator)
        for each in command.redirections
        if each.target is not None and each.operator in _WRITES and files.interesting(each.target.value)
    ]
    content = _text(printed(command)) if into else None
    for path, operator in into:
        files = _store(files, command, path, content, operator)
    return files


def _teed(files: Files, command: Command, options: Options) -> Files:
    operator = ">>" if options.any(("-a", "--append")) else ">"
    content = _text(document_of(command.redirections))
    if content is None and command.reads is not None:
        content = _text(printed(command.reads))
    for word in options.rest:
        files = _store(files, command, word.value, content, operator)
    return files


def _removed(files: Files, command: Command, targets: Sequence[Word]) -> Files:
    patterns = [_absolute(command, word.glob or word.value).rstrip("/") for word in targets]
    gone = [(_GLOB.split(pattern, maxsplit=1)[0], pattern) for pattern in patterns]
    left = {path: content for path, content in files.content.items() if not _is_gone(path, gone)}
    return Files(left, files.names) if len(left) < len(files.content) else files


def _is_gone(path: str, gone: Sequence[tuple[str, str]]) -> bool:
    """Whether one of the patterns is that of a file or of a folder above it; with each stands what it begins with."""
    # Compiling a pattern costs much more than seeing that it begins otherwise.
    return any(
        path.startswith(begin) and (fnmatchcase(path, pattern) or path.startswith(f"{pattern}/"))
        for begin, pattern in gone
    )


def _store(files: Files, command: Command, path: str, content: str | None, operator: str) -> Files:
    path = _absolute(command, path)
    if not is_known(path) or not files.interesting(path):
        return files
    if not command.branch.always:
        content = None
    elif operator in {">>", "&>>"}:
        before = files.content.get(path, "")
        content = None if before is None or content is None else before + content
    return files.with_file(path, content)


def _absolute(command: Command, path: str) -> str:
    return absolute(path, command.directory)


def _text(text: MappedText | None) -> str | None:
    return decode(text.data) if text is not None else None
