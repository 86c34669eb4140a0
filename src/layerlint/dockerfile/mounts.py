"""The `--mount` flags of RUN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from layerlint.dockerfile.instruction import Flag, Instruction
from layerlint.dockerfile.words import expand, refusal
from layerlint.startup.quick_dataclass import dataclass

MOUNT_TYPES = frozenset({"bind", "cache", "secret", "ssh", "tmpfs"})
TARGET_KEYS = frozenset({"target", "dst", "destination"})
"""The names of the field that says where a mount is."""
_SHARING = frozenset({"locked", "private", "shared"})
_KEYS = {
    "from": "from_", "source": "source", "src": "source", "target": "target", "dst": "target", "destination": "target",
    "id": "id", "env": "env",
}  # fmt: skip
# As Go's strconv.ParseBool.
_BOOLEANS = {
    "1": True, "t": True, "T": True, "TRUE": True, "true": True, "True": True,
    "0": False, "f": False, "F": False, "FALSE": False, "false": False, "False": False,
}  # fmt: skip
_MAX_ID = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Mount:
    """A mount, with variables expanded. A text is None when it depends on what is not known, empty when not given.

    `target` is as written: a relative one is relative to the working directory. `uid`, `gid` and `mode` are None when
    they are not given or not known. `flag` is where it comes from.
    """

    type: str | None
    target: str | None
    id: str | None
    sharing: str | None
    uid: int | None
    gid: int | None
    mode: int | None
    from_: str | None
    source: str | None
    readonly: bool
    required: bool
    flag: Flag


class _MalformedError(Exception):
    """BuildKit refuses the flag."""


@dataclass(slots=True)
class _Fields:
    """What has been read of a flag so far."""

    texts: dict[str, str | None] = field(
        default_factory=lambda: {"type": "bind", "sharing": "", **dict.fromkeys(_KEYS.values(), "")}
    )
    numbers: dict[str, int | None] = field(default_factory=dict)
    readonly: bool | None = None
    required: bool = False


def read_mounts(instruction: Instruction, variables: Mapping[str, str | None], escape: str = "\\") -> tuple[Mount, ...]:
    """The mounts of a RUN in order; those that BuildKit would refuse are left out."""
    mounts = (_read_mount(flag, variables, escape) for flag in instruction.flags if flag.name == "mount")
    return tuple(mount for mount in mounts if mount is not None)


def _read_mount(flag: Flag, variables: Mapping[str, str | None], escape: str = "\\") -> Mount | None:
    """The mount that a `--mount` flag describes, by the rules of BuildKit; None if it would refuse it."""
    try:
        fields = _Fields()
        for text in _csv_fields(flag.value or ""):
            _read_field(fields, text, variables, escape)
        _validate(fields)
    except _MalformedError:
        return None
    texts, numbers = fields.texts, fields.numbers
    readonly = fields.readonly
    return Mount(
        type=texts["type"],
        target=texts["target"],
        id=texts["id"],
        sharing=texts["sharing"],
        uid=numbers.get("uid"),
        gid=numbers.get("gid"),
        mode=numbers.get("mode"),
        from_=texts["from_"],
        source=texts["source"],
        readonly=texts["type"] not in ("cache", "tmpfs") if readonly is None else readonly,
        required=fields.required,
        flag=flag,
    )


def _csv_fields(text: str) -> list[str]:
    """The fields of one line of CSV: a field in double quotes may hold commas, and a doubled quote stands for one."""
    fields: list[str] = []
    at = 0
    while True:
        if text.startswith('"', at):
            parts: list[str] = []
            at += 1
            while True:
                end = text.find('"', at)
                if end < 0:
                    raise _MalformedError
                parts.append(text[at:end])
                at = end + 1
                if not text.startswith('"', at):
                    break
                parts.append('"')
                at += 1
            fields.append("".join(parts))
            if at < len(text) and text[at] != ",":
                raise _MalformedError
        else:
            end = text.find(",", at)
            content = text[at:] if end < 0 else text[at:end]
            if '"' in content:
                raise _MalformedError
            fields.append(content)
            at += len(content)
        if at >= len(text):
            return fields
        at += 1


def _read_field(fields: _Fields, text: str, variables: Mapping[str, str | None], escape: str) -> None:
    key, equals, raw = text.partition("=")
    key = key.lower()
    value = expand(raw, variables, escape) if equals else None
    if value is None and refusal(raw, escape):
        raise _MalformedError
    if key in ("readonly", "ro", "readwrite", "rw"):
        is_set = _boolean(value) if equals else True
        fields.readonly = is_set if key in ("readonly", "ro") else not is_set
    elif key == "required":
        if fields.texts["type"] not in ("secret", "ssh", None):
            raise _MalformedError
        fields.required = _boolean(value) if equals else True
    elif not equals:
        raise _MalformedError
    elif key in _KEYS:
        fields.texts[_KEYS[key]] = value
    elif key in ("type", "sharing"):
        fields.texts[key] = _one_of(MOUNT_TYPES if key == "type" else _SHARING, value)
    elif key in ("uid", "gid", "mode"):
        fields.numbers[key] = _number(value, base=8 if key == "mode" else 10)
    elif key != "size" or fields.texts["type"] not in ("tmpfs", None):
        raise _MalformedError


def _validate(fields: _Fields) -> None:
    kind = fields.texts["type"]
    if kind in ("bind", "tmpfs") and fields.numbers:
        raise _MalformedError
    if fields.texts["sharing"] and kind not in ("cache", None):
        raise _MalformedError


def _boolean(value: str | None) -> bool:
    """A value that is not known counts as false: a mount that may be read-only is not known to be."""
    if value is None:
        return False
    if value not in _BOOLEANS:
        raise _MalformedError
    return _BOOLEANS[value]


def _one_of(allowed: frozenset[str], value: str | None) -> str | None:
    if value is None:
        return None
    if value.lower() not in allowed:
        raise _MalformedError
    return value.lower()


def _number(value: str | None, base: int) -> int | None:
    if value is None:
        return None
    digits = "01234567" if base == 8 else "0123456789"
    if not value or len(value) > 20 or value.strip(digits):
        raise _MalformedError
    number = int(value, base)
    if number > _MAX_ID:
        raise _MalformedError
    return number
