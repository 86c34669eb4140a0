"""The image that the cases start from: Debian with current pip, made here, without a registry."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.storage import Storage

NAME = "base"
_SUITE = "bookworm"
_PACKAGES = (
    "python3", "python3-pip", "python3-venv", "python-is-python3", "pipx", "git",
    "sudo", "gosu", "tini", "time", "busybox", "findutils",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What the base image is made of: a Debian root file system (a tar archive) and pip's newest wheel."""

    root_file_system: Path
    pip_wheel: Path

    @property
    def pip_version(self) -> str:
        """As in the wheel's file name."""
        return self.pip_wheel.name.split("-")[1]


def fetch(kept: Path, pip_version: str = "") -> Ingredients:
    """Make or find the ingredients in the folder `kept`. pip is always asked for anew, Debian only once.

    Without a `pip_version` it is the newest pip.

    Raises subprocess.CalledProcessError when Debian's or Python's packages cannot be fetched.
    """
    kept.mkdir(parents=True, exist_ok=True)
    root_file_system = kept / f"{_SUITE}.tar"
    if not root_file_system.exists():
        partial = root_file_system.with_suffix(".partial.tar")
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(_PACKAGES)}", _SUITE, str(partial)],
            check=True,
        )
        partial.rename(root_file_system)
    wheels = kept / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    requirement = f"pip=={pip_version}" if pip_version else "pip"
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*download, "--no-deps", "--only-binary=:all:", "--dest", str(wheels), requirement], check=True)
    return Ingredients(root_file_system, next(wheels.glob("pip-*.whl")))


def build(storage: Storage, ingredients: Ingredients, folder: Path) -> None:
    """Build the base image in `storage`; `folder` is for the build context. Raises RuntimeError when that fails."""
    folder.mkdir()
    shutil.copy(ingredients.root_file_system, folder / "rootfs.tar")
    (folder / "wheels").mkdir()
    shutil.copy(ingredients.pip_wheel, folder / "wheels")
    shutil.copy(Path(__file__).parent / "base" / "Dockerfile", folder)
    output = storage.build(folder, NAME, layers=False)
    if output.status:
        raise RuntimeError(f"the base image could not be built:\n{output.text}")
