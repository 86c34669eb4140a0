"""A command that empties a cache at the end of the RUN: which one it becomes, and when one that is there gets more."""

from __future__ import annotations

import pytest

from layerlint.finding import FixKind
from layerlint.source.source import Source
from tests.fixed_files import assert_fixed_well

CLEAN = "conda clean -a -y"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param("RUN conda install -y a", f"RUN conda install -y a && {CLEAN}", id="none is there"),
        pytest.param(
            "RUN conda install -y a && conda clean -t -y", f"RUN conda install -y a && {CLEAN}", id="half of it"
        ),
        pytest.param(
            "USER app\nRUN conda install -y a && conda clean -t -y",
            f"USER app\nRUN conda install -y a && {CLEAN}",
            id="half of it by somebody else than root",
        ),
        pytest.param(
            "RUN sudo -u app conda install -y a && conda clean -t -y",
            f"RUN sudo -u app conda install -y a && {CLEAN}",
            id="half of it by root for somebody else",
        ),
        pytest.param(
            "RUN conda clean -t -y && conda install -y a",
            f"RUN conda clean -t -y && conda install -y a && {CLEAN}",
            id="half of it, before",
        ),
        pytest.param(
            "RUN conda install -y a && CONDA_PKGS_DIRS=/x conda clean -t -y",
            f"RUN conda install -y a && CONDA_PKGS_DIRS=/x conda clean -t -y && {CLEAN}",
            id="half of what is elsewhere",
        ),
        pytest.param(
            "RUN conda install -y a && sudo -u app conda clean -t -y",
            f"RUN conda install -y a && sudo -u app conda clean -t -y && {CLEAN}",
            id="half of it by somebody who may not",
        ),
        pytest.param(
            "RUN conda install -y a && if b; then conda clean -t -y; fi",
            f"RUN conda install -y a && if b; then conda clean -t -y; fi && {CLEAN}",
            id="half of it, perhaps",
        ),
        pytest.param(
            "RUN conda install -y a && conda -v clean -t -y",
            f"RUN conda install -y a && conda -v clean -t -y && {CLEAN}",
            id="half of it, with an option in front",
        ),
        pytest.param(
            'RUN ["conda", "install", "-y", "a"]', 'RUN ["conda", "install", "-y", "a"]', id="no script, no command"
        ),
    ],
)
def test_which_command_it_becomes(lines: str, expected: str) -> None:
    source = Source("Dockerfile", f"FROM continuumio/miniconda3\n{lines}\n".encode())
    result = assert_fixed_well(source, FixKind.FLAG, unsafe=True)
    assert result.source.data.decode() == f"FROM continuumio/miniconda3\n{expected}\n"
