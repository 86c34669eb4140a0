"""What must hold of what somebody says that an image brings, beyond the shape of its keys."""

from __future__ import annotations

from collections.abc import Iterator

from layerlint.image.images import Image
from layerlint.startup.lazy_pattern import lazy_pattern

# A name may be a glob, in which each bracket that opens closes.
_NAME = lazy_pattern(r"(?:[^\s\x00-\x1f\[]|\[!?[^\s\x00-\x1f\]]+\])+")
_USER = lazy_pattern(r"[^\s\x00-\x1f:]+")
_USER_AND_GROUP = lazy_pattern(r"[^\s\x00-\x1f:]+(?::[^\s\x00-\x1f:]+)?")
_ABSOLUTE = lazy_pattern(r"(?:/|[A-Za-z]:[\\/])[^\x00-\x1f]*")
_VARIABLE = lazy_pattern(r"[^\x00=]+")

WrongInImage = tuple[tuple[str | int, ...], str, str, bool]
"""The way to a value in the image, a title, a cause, and whether it is the key that is wrong."""


def wrong_in_image(image: Image) -> Iterator[WrongInImage]:
    """Everything that no image can be called, or bring."""
    if not image.names:
        yield ("names",), '"names" names no image', "what is said of an image needs the image", False
    for index, name in enumerate(image.names):
        if not _NAME.fullmatch(name):
            cause = "write a name as FROM has it, or a glob: python, registry.example/team/*"
            yield ("names", index), f'"{name}" is the name of no image', cause, False
    if image.user and not _USER_AND_GROUP.fullmatch(image.user):
        yield ("user",), f'"{image.user}" is no user', "write a name or a number, as USER has it", False
    yield from _folders(("home",), image.home)
    yield from _folders(("workdir",), image.workdir)
    if not image.shell:
        yield ("shell",), '"shell" names no program', "write what SHELL has, or leave it out", False
    for name in image.environment:
        if not _VARIABLE.fullmatch(name):
            cause = "a variable's name is not empty and has no = in it"
            yield ("environment", name), f'"{name}" is the name of no variable', cause, True
    for index, user in enumerate(image.users):
        if not _USER.fullmatch(user.name):
            cause = "write the name that the image's /etc/passwd has"
            yield ("users", index, "name"), f'"{user.name}" is the name of no user', cause, False
        yield from _folders(("users", index, "home"), user.home)


def _folders(location: tuple[str | int, ...], path: str) -> Iterator[WrongInImage]:
    if path and not _ABSOLUTE.fullmatch(path):
        yield location, f'"{path}" is no absolute path', "an image says where a folder is, from the root on", False
