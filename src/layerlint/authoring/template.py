"""A rule file to start from."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

from layerlint.authoring.schema import SCHEMA_NAME, rule_schema
from layerlint.errors import Mistake, UserError
from layerlint.rules.checks.file_checks import ID
from layerlint.rules.ruleset import RuleSet
from layerlint.system.replacement import Replacement, is_read_only

_TEMPLATE = """\
# yaml-language-server: $schema={schema}
id: {id}
name: {name}
severity: warning # or error, info
summary: a download takes any certificate
message: "`{{command}}` takes any certificate with {{option}}"
advice: Take {{option}} out.
note: |
  Why it matters, in two or three sentences for the person who gets the finding.
when: # what is reported: a command, mount, instruction, stage or file; all, any and not combine conditions
  command:
    name: [wget, wget2]
    option: --no-check-certificate
at: option
fixes:
  - title: Take {{option}} out
    safety: unsafe # or safe: it needs no looking at
    remove: option
references: []
examples: # layerlint rules test {id}.yaml
  - reports: |
      FROM debian:13-slim
      RUN wget -q --no-check-certificate https://example.org/file
    at: "2:13" # line:column
    fixed-unsafe: |
      FROM debian:13-slim
      RUN wget -q https://example.org/file
  - silent: certificates are checked
    dockerfile: |
      FROM debian:13-slim
      RUN wget -q https://example.org/file
"""


def write_new_rule(rule_id: str, folder: Path, known: RuleSet) -> list[Path]:
    """Write `ID.yaml` to start from, and beside it the schema that editors complete it by. Returns what was written.

    Raises UserError when there is such a file or such a rule, or the id is none.
    """
    path = folder / f"{rule_id}.yaml"
    if not ID.fullmatch(rule_id):
        near = re.sub(r"[^A-Z0-9]", "", rule_id.upper())
        cause = "an id is two or more capital letters and three or four digits"
        step = f"write {near}" if ID.fullmatch(near) else "write an id like ABC001"
        raise UserError(Mistake(f'"{rule_id}" cannot be a rule\'s id', cause, step))
    if (taken := known.names.named(rule_id)) is not None:
        raise UserError(Mistake(f'id "{rule_id}" is taken', f"the rule {taken.name} has it", "choose another"))
    text = _TEMPLATE.format(id=rule_id, name=rule_id.lower(), schema=SCHEMA_NAME)
    schema = folder / SCHEMA_NAME
    if os.path.lexists(path):
        raise UserError(Mistake("the file is there already", "it is left as it is", "choose another id", str(path)))
    for file, content in ((schema, rule_schema()), (path, text)):
        try:
            _write(file, content)
        except OSError as error:
            cause = error.strerror or str(error)
            raise UserError(Mistake("the rule cannot be written", cause, path=str(file))) from error
    return [path, schema]


def _write(path: Path, text: str) -> None:
    """Write the file whole or not at all. A link is replaced: what it leads to may be anything. Raises OSError."""
    if path.exists() and is_read_only(path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    with Replacement(path) as new:
        new.file.write(text.encode())
        new.complete()
        new.replace()
