"""Whether a tool's user may write a cache's directory."""

from __future__ import annotations

from typing import Literal

from layerlint.caches.paths import is_below
from layerlint.dockerfile.mounts import Mount
from layerlint.image.accounts import Accounts
from layerlint.shell.word import UNKNOWN

# What BuildKit makes a cache mount's directory with (Dockerfile reference, RUN --mount=type=cache).
_DEFAULT_MODE = 0o755


def may_use(needs: Literal["write", "own"], user: str, directory: str, mount: Mount | None, accounts: Accounts) -> bool:
    """Whether `user` has what a cache `needs`, as far as it can be known: yes where nothing says no.

    `mount` is the mount that the directory is on.
    """
    if UNKNOWN in user:
        return True
    number = accounts.number_of(user)
    if mount is not None and mount.readonly:
        return False
    if number == 0 and needs == "write":
        return True
    if mount is not None and mount.type == "cache":
        owner = mount.uid or 0
        if number == 0:
            return owner == 0
        if number is None and owner != 0:
            return True  # presumably the number of this very user
        mode = mount.mode if mount.mode is not None else _DEFAULT_MODE
        return number == owner or bool(mode & 0o002) or (bool(mount.gid) and bool(mode & 0o020))
    if mount is not None:
        return True
    if number == 0:
        return not _is_of_somebody_else(directory, accounts)
    return not is_below(directory, "/root") and accounts.may_make(directory)


def _is_of_somebody_else(directory: str, accounts: Accounts) -> bool:
    """Whether a directory is in the home of a user that the Dockerfile makes: root does not own it."""
    owner = accounts.owner_of(directory)
    account = accounts.find(owner) if owner is not None else None
    return account is not None and account.home_made
