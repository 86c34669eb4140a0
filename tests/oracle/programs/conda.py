"""conda as an image has it, in /opt/conda, and a channel with a package.

PyPI has one conda that runs by itself: 4.3.16, of 2017. What it keeps and removes is what it was asked for here; the
sources of later ones say the same. It is of Python 3.6, and what Python has dropped since is put back (`_DROPPED`).
"""

import bz2
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.oracle.programs import archives

VERSION = "4.3.16"
PREFIX = "opt/conda"
_PYTHON = "/usr/bin/python3"
# cytoolz takes the place of a copy that this Python cannot read.
_NEEDS = ("setuptools<58", "wheel", "requests<2.30", "urllib3<1.27", "ruamel.yaml==0.16.13", "pycosat", "cytoolz")
_DROPPED = """\
import collections, collections.abc, platform
for name in collections.abc.__all__:
    setattr(collections, name, getattr(collections.abc, name))
platform.linux_distribution = lambda: ("", "", "")
"""
# Where one is missing, conda ends a generator as no Python does any more.
_MAY_BE_MISSING = ("has_prefix", "no_link", "no_softlink")
_PROGRAM = """\
#!/opt/conda/bin/python
import sys
from {module} import main
sys.exit(main())
"""
_MODULES = {"conda": "conda.cli.main", "conda-env": "conda_env.cli.main"}


def install(folder: Path) -> Path:
    """Make an environment with conda in `folder`, unless it is there; gives it.

    Raises subprocess.CalledProcessError when that fails.
    """
    noted = folder / "wanted"
    wanted = f"{VERSION} {' '.join(_NEEDS)}"
    if not noted.exists() or noted.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([_PYTHON, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
        subprocess.run([*pip, *_NEEDS], check=True)
        (packages,) = folder.glob("lib/python*/site-packages")
        (packages / "dropped.py").write_text(_DROPPED, encoding="utf-8")
        (packages / "dropped.pth").write_text("import dropped\n", encoding="utf-8")
        # Not isolated, its build sees what was put back.
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", f"conda=={VERSION}"], check=True)
        for unneeded in (*packages.glob("pip*"), *packages.glob("setuptools*")):
            shutil.rmtree(unneeded)
        noted.write_text(wanted, encoding="utf-8")
    return folder


def place(installed: Path, root: Path, address: str) -> None:
    """Put it below `root`, as an image has it: a part of its own environment, which is told of a channel."""
    prefix = root / PREFIX
    shutil.copytree(installed, prefix, symlinks=True)
    for name, module in _MODULES.items():
        program = prefix / "bin" / name
        program.write_text(_PROGRAM.format(module=module), encoding="utf-8")
        program.chmod(0o755)
    (prefix / "conda-meta").mkdir()
    (prefix / "conda-meta/history").touch()
    for name in _MODULES:
        itself = {**_index(name, VERSION), "files": [], "fn": f"{name}-{VERSION}-0.tar.bz2"}
        (prefix / f"conda-meta/{name}-{VERSION}-0.json").write_text(json.dumps(itself), encoding="utf-8")
    channels = json.dumps([f"{address}/conda/main"])
    (prefix / ".condarc").write_text(f"channels: {channels}\ndefault_channels: {channels}\n", encoding="utf-8")
    # The cases' user may write nothing of it.
    for path in [prefix, *prefix.rglob("*")]:
        os.chown(path, 0, 0, follow_symlinks=False)


def channel() -> dict[str, bytes]:
    """What a server has for conda, by path: a channel with the package `tiny`."""
    index = _index("tiny", "1.0.0")
    may_be_missing = {f"info/{name}": "" for name in _MAY_BE_MISSING}
    content = {"info/index.json": json.dumps(index), "info/files": "share/tiny.txt\n", "share/tiny.txt": "tiny\n"}
    archive = bz2.compress(archives.uncompressed_tar({**content, **may_be_missing}))
    found = {"/conda/main/linux-64/tiny-1.0.0-0.tar.bz2": archive}
    record = {**index, "md5": hashlib.md5(archive).hexdigest(), "size": len(archive)}
    for subdir, packages in (("linux-64", {"tiny-1.0.0-0.tar.bz2": record}), ("noarch", {})):
        data = json.dumps({"info": {"subdir": subdir}, "packages": packages}).encode()
        found[f"/conda/main/{subdir}/repodata.json"] = data
        found[f"/conda/main/{subdir}/repodata.json.bz2"] = bz2.compress(data)
    return found


def _index(name: str, version: str) -> dict[str, object]:
    built_for = {"subdir": "linux-64", "arch": "x86_64", "platform": "linux"}
    return {"name": name, "version": version, "build": "0", "build_number": 0, "depends": [], **built_for}
