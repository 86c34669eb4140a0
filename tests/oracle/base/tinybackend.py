"""A build backend (PEP 517) that makes a wheel of nothing: what a build from source needs and no more."""

import tomllib
import zipfile
from pathlib import Path


def build_wheel(
    wheel_directory: str,
    config_settings: object = None,  # noqa: ARG001 - pip calls it with all three
    metadata_directory: str | None = None,  # noqa: ARG001
) -> str:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    name, version = project["name"], project["version"]
    info = f"{name}-{version}.dist-info"
    file_name = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, file_name), "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: tinybackend\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return file_name


build_editable = build_wheel
