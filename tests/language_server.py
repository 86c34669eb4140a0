"""A client of a language server, as an editor is one: enough to ask for completion and diagnostics."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class LanguageServer:
    """A server that talks on its standard input and output (Language Server Protocol 3.17)."""

    def __init__(self, command: Sequence[str | Path], settings: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._settings = settings
        self._number = 0
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        capabilities = {"textDocument": {"completion": {"completionItem": {"snippetSupport": False}}}}
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self._send("initialized", {})
        self._send("workspace/didChangeConfiguration", {"settings": settings})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def open(self, path: Path, text: str) -> str:
        """Show the server a text as if it were in the file. Returns the file's address."""
        uri = path.as_uri()
        self._send(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}
        )
        return uri

    def diagnostics(self, uri: str) -> list[str]:
        """What it says of a text that was opened, each with its line and column from 1."""
        while uri not in self._diagnostics:
            self._take(self._read())
        return [
            f"{each['range']['start']['line'] + 1}:{each['range']['start']['character'] + 1} {each['message']}"
            for each in self._diagnostics[uri]
        ]

    def completions(self, uri: str, line: int, column: int) -> list[str]:
        """What it offers at a place, counted from 1."""
        position = {"line": line - 1, "character": column - 1}
        found = self._ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})
        return [item["label"] for item in (found["items"] if isinstance(found, dict) else found or [])]

    def _ask(self, method: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        self._send(method, parameters, id=self._number)
        while True:
            message = self._read()
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        """What the server says or asks unasked."""
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and "method" in message:
            sections = [item.get("section") for item in (message.get("params") or {}).get("items", [])]
            self._write({"id": message["id"], "result": [self._settings.get(section) for section in sections] or None})

    def _send(self, method: str, parameters: dict[str, Any], **more: Any) -> None:
        self._write({"method": method, "params": parameters, **more})

    def _write(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message
