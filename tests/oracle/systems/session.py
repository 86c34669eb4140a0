"""Measuring the cases: the base image, the builds, and nothing of them left afterwards."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.oracle.case import load_cases
from tests.oracle.command import Suite
from tests.oracle.measuring import base_is_clean
from tests.oracle.scratch import in_memory
from tests.oracle.session import Session, missing
from tests.oracle.storage import Storage, removed_at_end

# What is fetched. Not counted: locks, and what a manager notes of itself (dnf's expired_repos.json, zypper's @System).
CACHE_FILE = re.compile(
    r"""(?P<directory>
            /var/lib/apt/lists(?=/[^/]*_dists_)
          | /var/cache/apt(?=/archives/[^/]+\.deb|/[^/]+\.bin)
          | /var/cache/(?:dnf|yum)(?=/[^/]+\.solvx?$|/[^/]+/(?:repodata|packages)/)
          | /var/cache/zypp(?=/(?:raw|packages)/|/solv/(?!@System/)[^/]+/)
          | /var/cache/pacman/pkg(?=/)
          | /var/lib/pacman/sync(?=/)
        )""",
    re.VERBOSE,
)
_SUITE = "bookworm"
_PACKAGES = {"apt": "apt", "dnf": "dnf", "zypper": "zypper", "pacman": "pacman-package-manager"}
_MORE_PACKAGES = ("createrepo-c", "rpm", "sudo", "findutils")
_HERE = Path(__file__).parent
_FOLDER = _HERE / "base"


@contextmanager
def prepared(kept: Path) -> Iterator[Session]:
    """A session whose storage is removed at the end. Debian's packages stay in the folder `kept` for the next time."""
    root_file_system = _fetch(kept)
    with in_memory(kept) as folder, removed_at_end(Storage(folder / "storage", CACHE_FILE)) as storage:
        base = folder / "base"
        base.mkdir()
        shutil.copy(root_file_system, base / "rootfs.tar")
        for name in ("Dockerfile", "repositories.sh"):
            shutil.copy(_FOLDER / name, base)
        output = storage.build(base, "base", layers=False)
        if output.status:
            raise RuntimeError(f"the base image could not be built:\n{output.text}")
        if not base_is_clean(storage):
            raise RuntimeError("the base image holds a cache of its own")
        (folder / "cases").mkdir()
        yield Session(storage, folder / "cases", _versions(root_file_system))


def _fetch(kept: Path) -> Path:
    kept.mkdir(parents=True, exist_ok=True)
    root_file_system = kept / f"systems-{_SUITE}.tar"
    if not root_file_system.exists():
        partial = root_file_system.with_suffix(".partial.tar")
        packages = ",".join([*_PACKAGES.values(), *_MORE_PACKAGES])
        command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={packages}", _SUITE, str(partial)]
        subprocess.run(command, check=True)
        partial.rename(root_file_system)
    return root_file_system


def _versions(root_file_system: Path) -> dict[str, str]:
    """The versions of the package managers, as dpkg notes them."""
    command = ["tar", "--extract", "--to-stdout", "--file", str(root_file_system), "./var/lib/dpkg/status"]
    status = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = dict(re.findall(r"^Package: (\S+)\n(?:.+\n)*?Version: (\S+)$", status, re.MULTILINE))
    return {name: found[package] for name, package in _PACKAGES.items()}


SUITE = Suite(load_cases(_HERE / "cases"), _HERE / "measured.json", missing, lambda kept, _: prepared(kept))
