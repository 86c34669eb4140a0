"""The files that continuous integration and pre-commit read, given to the programs that check such files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import validators
from tests.readme import block
from tests.scratch import PROJECT

pytestmark = pytest.mark.validators

WORKFLOW = block("yaml", "jobs:")
GITLAB_JOB = block("yaml", "artifacts:")
# A README names versions, which people know; the action pins what it uses to a commit.
VERSIONS_WILL_DO = 'rules: {unpinned-uses: {config: {policies: {"*": ref-pin}}}}\n'


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        pytest.param("github-actions", (PROJECT / "action.yml").read_text(), id="the action"),
        pytest.param("github-workflows", WORKFLOW, id="the README's workflow"),
        pytest.param("gitlab-ci", GITLAB_JOB, id="the README's job"),
    ],
)
def test_it_is_as_the_published_schema_has_it(schema: str, text: str, tmp_path: Path) -> None:
    """Runs `check-jsonschema` from PyPI."""
    file = tmp_path / "file.yml"
    file.write_text(text)
    transform = ("--data-transform", "gitlab-ci") if schema == "gitlab-ci" else ()
    program = validators.program("check-jsonschema")
    validators.run(program, "--builtin-schema", f"vendor.{schema}", *transform, file)


def test_zizmor_finds_nothing_in_the_action() -> None:
    """Runs `zizmor` from PyPI."""
    said = validators.run(validators.program("zizmor"), "--offline", "--pedantic", PROJECT / "action.yml")
    assert "No findings to report" in said


def test_zizmor_finds_nothing_in_the_workflow(tmp_path: Path) -> None:
    workflow = tmp_path / ".github" / "workflows" / "layerlint.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(WORKFLOW)
    (tmp_path / "zizmor.yml").write_text(VERSIONS_WILL_DO)
    program = validators.program("zizmor")
    said = validators.run(program, "--offline", "--config", tmp_path / "zizmor.yml", workflow)
    assert "No findings to report" in said


def test_zizmor_would_find_an_input_in_the_text_of_a_shell(tmp_path: Path) -> None:
    text = (PROJECT / "action.yml").read_text()
    wrong = tmp_path / "action.yml"
    wrong.write_text(text.replace('exit "$STATUS"', "exit ${{ inputs.options }}"))
    with pytest.raises(AssertionError, match="template-injection"):
        validators.run(validators.program("zizmor"), "--offline", wrong)
