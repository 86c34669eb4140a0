from __future__ import annotations

import json
import tarfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

from layerlint.version import VERSION
from tests.scratch import PROJECT, copy_project, fresh_python, run

pytestmark = pytest.mark.network


class Built(NamedTuple):
    wheel: Path
    archive: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The wheel and the source distribution; the wheel is built from the source distribution."""
    folder = tmp_path_factory.mktemp("build")
    project = copy_project(folder / "project")
    programs = fresh_python(folder / "environment", ["build"])
    done = run(programs / "python", "-m", "build", "--outdir", folder / "dist", cwd=project)
    assert done.returncode == 0, done.stdout
    (wheel,), (archive,) = (folder / "dist").glob("*.whl"), (folder / "dist").glob("*.tar.gz")
    return Built(wheel, archive)


def files_below(folder: str, pattern: str = "*") -> set[str]:
    below = (path for path in (PROJECT / folder).rglob(pattern) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(PROJECT / folder).as_posix() for path in below if "packs" not in path.parts}


def test_the_wheel_holds_the_package_its_rules_and_the_licence(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        names = set(wheel.namelist())
    information = f"layerlint-{VERSION}.dist-info"
    package = {f"layerlint/{name}" for name in files_below("src/layerlint")}
    rules = {f"layerlint/packs/{name}" for name in files_below("rules")}
    described = {
        f"{information}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")
    }
    assert names == package | rules | described
    assert {"layerlint/py.typed", "layerlint/cli/commands.py", "layerlint/packs/pip/PIP001.yaml"} <= names
    assert {PurePosixPath(name).suffix for name in package} == {".py", ".typed"}
    assert built.wheel.name == f"layerlint-{VERSION}-py3-none-any.whl"


def test_the_source_distribution_holds_what_the_tests_need(built: Built) -> None:
    with tarfile.open(built.archive) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {f"{folder}/{name}" for folder in ("src", "rules", "examples") for name in files_below(folder)} | {
        f"tests/{name}" for name in files_below("tests", "*.py")
    }
    assert wanted | {"pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"} <= names
    assert not {name for name in names if PurePosixPath(name).suffix == ".pyc" or name.startswith((".git/", "dist/"))}


def test_the_installed_wheel_works_in_another_folder(built: Built, tmp_path: Path) -> None:
    programs = fresh_python(tmp_path / "environment", [built.wheel])
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM python:3.13-slim\nRUN pip install flask\n")

    version = run(programs / "layerlint", "--version", cwd=folder)
    assert (version.returncode, version.stdout) == (0, f"layerlint {VERSION}\n")

    as_module = run(programs / "python", "-m", "layerlint", "check", "--quiet", cwd=folder)
    checked = run(programs / "layerlint", "check", "--quiet", cwd=folder)
    assert (checked.returncode, checked.stdout) == (as_module.returncode, as_module.stdout)
    assert checked.returncode == 1
    assert checked.stdout.startswith("Dockerfile:2:5: warning PIP001 ")

    listed = run(programs / "layerlint", "rules", "--format", "json", cwd=folder)
    shipped = {path.stem for path in (PROJECT / "rules").rglob("*.yaml") if path.stem.isupper()}
    assert {rule["id"] for rule in json.loads(listed.stdout)["rules"]} == shipped
    where = run(
        programs / "python",
        "-c",
        "from layerlint.rules.loading import shipped_folder; print(shipped_folder())",
        cwd=folder,
    )
    assert (tmp_path / "environment").resolve() in Path(where.stdout.strip()).resolve().parents

    fixed = run(programs / "layerlint", "check", "--fix", cwd=folder)
    assert fixed.returncode == 0, fixed.stdout
    assert (folder / "Dockerfile").read_text().endswith("RUN pip install --no-cache-dir flask\n")


def test_the_installed_package_is_typed(built: Built, tmp_path: Path) -> None:
    """Without py.typed mypy would refuse to follow the import."""
    programs = fresh_python(tmp_path / "environment", [built.wheel, "mypy"])
    (tmp_path / "use.py").write_text(
        "from layerlint.version import VERSION\nfrom layerlint.run.discovery import is_dockerfile_name\n"
        "reveal_type(is_dockerfile_name(VERSION))\n"
    )
    done = run(programs / "python", "-m", "mypy", "--strict", "use.py", cwd=tmp_path)
    assert 'Revealed type is "bool"' in done.stdout.replace("builtins.", ""), done.stdout
    assert done.returncode == 0, done.stdout
