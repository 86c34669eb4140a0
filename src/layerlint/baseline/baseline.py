"""The findings that a repository had when layerlint came to it: kept in a file, so that only new ones are reported.

Paths in the file are relative to its folder, so that it does not matter where layerlint runs.
"""

# pathlib normalizes paths, and costs more than the work itself in a big tree.
# ruff: noqa: PTH100, PTH112, PTH117, PTH118, PTH120

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from layerlint.baseline.file import MARK, MAX_SIZE, Entry, how_to_write, parse, text
from layerlint.errors import Mistake, UserError
from layerlint.finding import FileReport
from layerlint.fingerprint import fingerprints
from layerlint.reporters.totals import count
from layerlint.source.source import decode, encode
from layerlint.system.reading import UnreadableError, read_bytes


@dataclass(frozen=True, slots=True)
class KnownFindings:
    """What a baseline has of one file: the file's path in it, and by fingerprint the rule of each finding."""

    path: str
    rules: Mapping[str, str]

    def leave_out(self, report: FileReport) -> FileReport:
        """`report`, which has all findings of the file, without those that are known."""
        found = list(zip(report.findings, fingerprints(replace(report, path=self.path)), strict=True))
        return replace(
            report,
            findings=tuple(finding for finding, fingerprint in found if fingerprint not in self.rules),
            baselined=tuple(fingerprint for _, fingerprint in found if fingerprint in self.rules),
        )

    def gone(self, report: FileReport, not_asked: Collection[str]) -> Iterator[Entry]:
        """The known findings that `report`, which came from `leave_out`, no longer has.

        Those of the rules `not_asked` may be there all the same.
        """
        there = frozenset(report.baselined)
        for fingerprint, rule in self.rules.items():
            if fingerprint not in there and rule not in not_asked:
                yield Entry(self.path, rule, fingerprint)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline that was read: its path as it is shown, its folder (absolute), and what it knows of each path."""

    path: str
    folder: str
    files: Mapping[str, Mapping[str, str]]

    def of(self, absolute: str) -> KnownFindings | None:
        """What is known of the file at the path `absolute`."""
        path = _relative(absolute, self.folder)
        return KnownFindings(path, self.files[path]) if path in self.files else None

    def said_of(self, gone: Iterable[Entry], *, in_detail: bool) -> list[str]:
        """What to say, line by line, of the entries `gone` and those of files that are not there any more."""
        entries = sorted({*gone, *self._without_file()})
        if not entries:
            return []
        findings = "1 finding that is" if len(entries) == 1 else f"{len(entries)} findings that are"
        lines = [f"{self.path} has {findings} gone; write it anew: {how_to_write(self.path)}"]
        if in_detail:
            lines += (f"  {entry.path} {entry.rule}" for entry in entries)
        return lines

    def _without_file(self) -> Iterator[Entry]:
        """The entries of files that are not there any more."""
        for path, rules in self.files.items():
            # An absolute path is of another drive, or was not written by layerlint: it is no business of this folder.
            if not os.path.isabs(path) and not _is_there(path, self.folder):
                yield from (Entry(path, rule, fingerprint) for fingerprint, rule in rules.items())


@dataclass(slots=True)
class NewBaseline:
    """A baseline in the making. `path` is where it will be, as it was given, and `old` what is there now."""

    path: str
    old: bytes | None
    entries: list[Entry] = field(default_factory=list)

    @classmethod
    def at(cls, path: str) -> NewBaseline:
        """One for `path`. Raises UserError when it cannot be written there, above all when something else is there."""
        if not os.path.isdir(_folder(path)):
            raise UserError(_unwritable(path, "there is no such folder"))
        old = None
        absolute = os.path.abspath(path)
        try:
            old = read_bytes(absolute, MAX_SIZE)
        except UnreadableError as error:
            if os.path.lexists(absolute):
                raise UserError(_unwritable(path, str(error))) from error
        if old and MARK.encode() not in old:
            step = "give the baseline another name, or delete the file if it is not needed"
            raise UserError(Mistake("this file is not a baseline", "it would be overwritten", step, path))
        return cls(path, old)

    @property
    def said(self) -> str:
        """What to say of it when it is written."""
        files = len({entry.path for entry in self.entries})
        return f"wrote {count(len(self.entries), 'finding')} in {count(files, 'file')} to {self.path}"

    def take(self, report: FileReport, absolute: str) -> FileReport:
        """Note all findings of the file at the path `absolute`; the report as it is with this baseline."""
        path = _relative(absolute, _folder(self.path))
        found = fingerprints(replace(report, path=path))
        self.entries += (Entry(path, finding.rule, each) for finding, each in zip(report.findings, found, strict=True))
        return replace(report, findings=(), baselined=found)

    def write(self) -> None:
        """Write the file: all of it or nothing. Raises UserError."""
        from layerlint.system.write_back import write_back  # most runs write nothing

        data = text(self.entries).encode()
        if len(data) > MAX_SIZE:
            raise UserError(_unwritable(self.path, f"it would be larger than {MAX_SIZE // 1024} KiB"))
        error = write_back(self.path, self.old, data, "it")
        if error is not None:
            raise UserError(_unwritable(self.path, error.message))


def read(path: str, shown: str) -> Baseline:
    """The baseline at `path`, which messages call `shown`. Raises UnreadableError, or UserError for what it says."""
    data = read_bytes(path, MAX_SIZE)
    files: dict[str, dict[str, str]] = {}
    for entry in parse(data, shown):
        files.setdefault(entry.path, {})[entry.fingerprint] = entry.rule
    return Baseline(shown, _folder(path), files)


def _is_there(path: str, folder: str) -> bool:
    try:
        return os.path.lexists(os.path.join(folder, os.fsdecode(encode(path))))
    except UnicodeEncodeError:  # no file has such a name, but JSON can write it
        return False


def _relative(absolute: str, folder: str) -> str:
    try:
        path = os.path.relpath(absolute, folder)
    except ValueError:  # on another drive
        path = absolute
    return decode(os.fsencode(path.replace(os.sep, "/")))


def _folder(path: str) -> str:
    """The folder that a file is in, links to folders resolved, as the paths of files to check are."""
    return os.path.realpath(os.path.dirname(os.path.abspath(path)))


def _unwritable(path: str, reason: str) -> Mistake:
    return Mistake("the baseline cannot be written", reason, "", path)
