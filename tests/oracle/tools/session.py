"""Measuring the tools' cases: an image with the tools on top of the base image, and an index of its own."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.oracle import base_image, index_server
from tests.oracle.command import Suite
from tests.oracle.family import cases_of, load_families
from tests.oracle.scratch import in_memory
from tests.oracle.session import Session, missing
from tests.oracle.storage import Storage, removed_at_end

_HERE = Path(__file__).parent
REQUIREMENTS = _HERE / "requirements.txt"
FAMILIES = load_families(_HERE / "cases")
_ADDRESS = ("127.0.0.1", 8964)
_SECONDS = 600
# What the index has besides, for the cases to install; the first needs this filelock.
_OLDER = ("virtualenv==20.26.6", "filelock==3.29.0", "virtualenv==16.7.12")
_ENTRY_POINTS = "[console_scripts]\ntinytool = tinytool:main\n"


@contextmanager
def prepared(kept: Path, pip_version: str = "") -> Iterator[Session]:
    """A session whose storage is removed at the end. What was downloaded stays in the folder `kept` for the next time.

    Without a `pip_version` the image has the newest pip.
    """
    ingredients = base_image.fetch(kept, pip_version)
    wheels = _fetch_tools(kept / "tools")
    files = index_server.distributions(ingredients.pip_wheel)
    # In place of the empty ones that pip's cases have.
    files = {name: content for name, content in files.items() if not name.startswith(("setuptools", "wheel"))}
    files |= {wheel.name: wheel.read_bytes() for wheel in wheels}
    files["tinytool-1.0-py3-none-any.whl"] = index_server.wheel(
        "tinytool", "1.0", "def main():\n    print('tinytool')\n", _ENTRY_POINTS
    )
    cache_files = {family.tool: family.cache_file for family in FAMILIES}
    with (
        in_memory(kept) as folder,
        removed_at_end(Storage(folder / "storage")) as storage,
        index_server.serving(files, address=_ADDRESS),
    ):
        base_image.build(storage, ingredients, folder / "base")
        _build(storage, folder / "tools")
        (folder / "cases").mkdir()
        yield Session(storage, folder / "cases", {"pip": ingredients.pip_version}, cache_files)


def _fetch_tools(kept: Path) -> list[Path]:
    """The wheels of the tools and of all that they need, made for the Python that runs here: Debian's has its version.

    Raises subprocess.CalledProcessError when they cannot be fetched.
    """
    wanted = kept / REQUIREMENTS.name
    if not wanted.exists() or wanted.read_bytes() != REQUIREMENTS.read_bytes():
        shutil.rmtree(kept, ignore_errors=True)
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        build = ["setuptools", "wheel", "editables"]  # what building a project asks for
        subprocess.run(
            [*download, "--only-binary=:all:", "--dest", str(kept), "--requirement", str(REQUIREMENTS), *build],
            check=True,
        )
        for older in _OLDER:
            subprocess.run([*download, "--no-deps", "--only-binary=:all:", "--dest", str(kept), older], check=True)
        shutil.copy(REQUIREMENTS, wanted)
    return sorted(kept.glob("*.whl"))


def _build(storage: Storage, folder: Path) -> None:
    shutil.copytree(_HERE / "base", folder)
    shutil.copy(REQUIREMENTS, folder)
    output = storage.build(folder, "tools", layers=False, seconds=_SECONDS)
    if output.status:
        raise RuntimeError(f"the image with the tools could not be built:\n{output.text}")


SUITE = Suite(cases_of(FAMILIES), _HERE / "measured.json", missing, prepared)
