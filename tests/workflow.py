"""Runs the steps of a workflow, and of the actions that it uses, as GitHub's runner does: as far as ours need it."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Steps = Sequence[Mapping[str, Any]]
Outputs = dict[str, str]

_OPERAND = re.compile(
    r"'(?P<text>[^']*)'|inputs\.(?P<input>[\w-]+)|steps\.(?P<step>[\w-]+)\.outputs\.(?P<output>[\w-]+)"
)
_COMMAND = re.compile(r"::([\w-]+)(?: ([^:]*))?::(.*)")


@dataclass
class Job:
    """A job in the folder `workspace`. `actions` are the folders of actions to run; others are only noted.

    Steps run with the variables of `environment` and those that the runner sets.
    """

    workspace: Path
    scratch: Path
    environment: Mapping[str, str]
    actions: Mapping[str, Path] = field(default_factory=dict)
    answers: Mapping[str, Outputs] = field(default_factory=dict)
    """The outputs of the actions that are only noted, by their names without the version."""
    log: str = ""
    summary: str = ""
    noted: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """What other actions were given: their names without the version, and their inputs."""

    def run(
        self,
        steps: Steps,
        inputs: Mapping[str, str] | None = None,
        action: Path | None = None,
        outputs: Mapping[str, Outputs] | None = None,
    ) -> _Run:
        """Run `steps`, those of `action` if they are an action's. After one that fails no other runs.

        `outputs` are those of steps that ran before.
        """
        done = _Run(dict(inputs or {}), dict(outputs or {}))
        for step in steps:
            if "if" in step and not done.holds(step["if"]):
                continue
            own: Outputs = {}
            if "run" in step:
                done.failed = not self._shell(step, done, action, own)
            else:
                given = {name: done.filled(str(value)) for name, value in step.get("with", {}).items()}
                done.failed = not self._use(step["uses"], given, own)
            done.outputs[step.get("id", "")] = own
            if done.failed:
                break
        return done

    def _use(self, uses: str, given: dict[str, str], outputs: Outputs) -> bool:
        name = uses.partition("@")[0]
        if uses not in self.actions:
            self.noted.append((name, given))
            outputs |= self.answers.get(name, {})
            return True
        definition = yaml.safe_load((self.actions[uses] / "action.yml").read_text())
        assert given.keys() <= definition["inputs"].keys()
        inputs = {name: given.get(name, each["default"]) for name, each in definition["inputs"].items()}
        done = self.run(definition["runs"]["steps"], inputs, self.actions[uses])
        outputs |= {name: done.filled(each["value"]) for name, each in definition["outputs"].items()}
        return not done.failed

    def _shell(self, step: Mapping[str, Any], done: _Run, action: Path | None, outputs: Outputs) -> bool:
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        files = {name: folder / name for name in ("script.sh", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        files["script.sh"].write_text(done.filled(step["run"]))
        assert action is None or step["shell"] == "bash"
        temporary = self.scratch / "runner temp"
        temporary.mkdir(exist_ok=True)
        environment = {
            **self.environment,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(files["GITHUB_OUTPUT"]),
            "GITHUB_STEP_SUMMARY": str(files["GITHUB_STEP_SUMMARY"]),
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(temporary),
            **({} if action is None else {"GITHUB_ACTION_PATH": str(action)}),
            **{name: done.filled(str(value)) for name, value in step.get("env", {}).items()},
        }
        finished = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", files["script.sh"]],
            cwd=self.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=600,
            check=False,
        )
        self.log += finished.stdout.decode()
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, equals, value = line.partition("=")
            assert equals, line
            outputs[name] = value
        return finished.returncode == 0

    def commands(self) -> list[tuple[str, str, str]]:
        """The workflow commands in the log that the runner obeys: their names, properties and messages."""
        found = []
        stopped = ""
        for line in self.log.splitlines():
            match = _COMMAND.match(line.lstrip())
            # The older form counts wherever it stands in a line.
            command = match.groups("") if match else ("##", "", line) if "##[" in line else None
            if command is None or (stopped and command[0] != stopped):
                continue
            if command[0] == stopped:
                stopped = ""
            elif command[0] == "stop-commands":
                stopped = command[2]
            else:
                found.append(command)
        return found


@dataclass
class _Run:
    """How far some steps have come."""

    inputs: Mapping[str, str]
    outputs: dict[str, Outputs] = field(default_factory=dict)
    failed: bool = False

    def filled(self, text: str) -> str:
        """`text` with the values of its expressions."""
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: self._value(match[1]), text)

    def holds(self, condition: str) -> bool:
        """Whether all of the comparisons of a condition hold."""
        for comparison in condition.split(" && "):
            left, operator, right = comparison.split(" ")
            assert operator in {"==", "!="}
            if (self._value(left) == self._value(right)) != (operator == "=="):
                return False
        return True

    def _value(self, operand: str) -> str:
        match = _OPERAND.fullmatch(operand)
        if match is None:
            raise ValueError(f"not understood: {operand}")
        if match["input"]:
            return self.inputs[match["input"]]
        if match["step"]:
            return self.outputs[match["step"]].get(match["output"], "")
        return match["text"]


def runner_environment(**extra: str) -> dict[str, str]:
    """What a step of a job inherits that has nothing of its own."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", **extra}
