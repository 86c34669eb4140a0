from __future__ import annotations

from typing import Any

import pytest

from layerlint.dockerfile.mounts import Mount, read_mounts
from layerlint.dockerfile.parser import parse
from layerlint.source.source import Source

VARIABLES = {"HOME": "/root", "UNKNOWN": None}


def read(flags: str) -> tuple[Mount, ...]:
    run = parse(Source("Dockerfile", f"FROM a\nRUN {flags} b\n".encode())).instructions[1]
    return read_mounts(run, VARIABLES)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("type=cache,target=/a", {"type": "cache", "target": "/a", "readonly": False}, id="cache"),
        pytest.param("target=/a", {"type": "bind", "target": "/a", "readonly": True}, id="bind is the default"),
        pytest.param("type=bind,dst=/a,rw", {"target": "/a", "readonly": False}, id="read and write"),
        pytest.param("type=bind,dst=/a,readwrite=false", {"readonly": True}, id="read and write, false"),
        pytest.param("type=cache,destination=/a,ro", {"target": "/a", "readonly": True}, id="read only"),
        pytest.param("type=cache,target=/a,readonly=0", {"readonly": False}, id="read only, false"),
        pytest.param("TYPE=Cache,Target=/a", {"type": "cache", "target": "/a"}, id="case does not matter"),
        pytest.param("type=cache,target=/a,target=/b", {"target": "/b"}, id="the last counts"),
        pytest.param(
            "type=cache,id=x,target=/a,sharing=Locked,uid=1,gid=2,mode=0755,from=f,source=/s",
            {"id": "x", "sharing": "locked", "uid": 1, "gid": 2, "mode": 0o755, "from_": "f", "source": "/s"},
            id="everything of a cache",
        ),
        pytest.param("type=tmpfs,target=/a,size=10m", {"type": "tmpfs", "readonly": False}, id="tmpfs"),
        pytest.param("type=secret,id=x,required", {"type": "secret", "required": True, "target": ""}, id="secret"),
        pytest.param("type=secret,id=x,env=E", {"id": "x"}, id="secret in a variable"),
        pytest.param("type=ssh,required=true", {"type": "ssh", "required": True}, id="ssh"),
        pytest.param("type=cache,target=$HOME/.cache", {"target": "/root/.cache"}, id="variable"),
        pytest.param("type=cache,target=${X:-/y}", {"target": "/y"}, id="default of a variable"),
        pytest.param("type=cache,target=$UNKNOWN/x,uid=$UNKNOWN", {"target": None, "uid": None}, id="not known"),
        pytest.param("type=$UNKNOWN,target=/a,uid=1,required", {"type": None, "uid": 1}, id="type not known"),
        pytest.param("type=cache,target=/a,ro=$UNKNOWN", {"readonly": False}, id="read only or not"),
        pytest.param("type=cache,sharing=$UNKNOWN,target=/a", {"sharing": None}, id="sharing not known"),
        pytest.param("'type=cache,\"target=/a,b\"'", {"target": "/a,b"}, id="a comma in a quoted field"),
        pytest.param("'type=cache,\"target=/a\"\",b\"\"\"'", {"target": "/a,b"}, id="doubled quotes, taken off later"),
    ],
)  # fmt: skip
def test_mount(value: str, expected: dict[str, Any]) -> None:
    (mount,) = read(f"--mount={value}")
    assert {name: getattr(mount, name) for name in expected} == expected
    assert mount.flag.name == "mount"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="empty"),
        pytest.param("type=other,target=/a", id="type"),
        pytest.param("type=cache,target=/a,sharing=all", id="sharing"),
        pytest.param("type=tmpfs,target=/a,sharing=locked", id="sharing of what is no cache"),
        pytest.param("target=/a,uid=1", id="uid of a bind mount"),
        pytest.param("type=cache,target=/a,uid=x", id="uid"),
        pytest.param("type=cache,target=/a,uid=-1", id="negative uid"),
        pytest.param("type=cache,target=/a,uid=4294967296", id="uid too big"),
        pytest.param("type=cache,target=/a,mode=0888", id="mode"),
        pytest.param("type=cache,target=/a,ro=yes", id="boolean"),
        pytest.param("type=cache,target=/a,required", id="required for a cache"),
        pytest.param("type=cache,target=/a,size=1", id="size of a cache"),
        pytest.param("type=cache,target", id="key without value"),
        pytest.param("type=cache,tarjet=/a", id="unknown key"),
        pytest.param("type=cache,target=/a,", id="comma at the end"),
        pytest.param("'type=cache,target=\"/a'", id="quote inside a field"),
        pytest.param("'type=cache,\"target=/a'", id="quote that is not closed"),
        pytest.param("'type=cache,\"target=/a\"b'", id="something behind a closed quote"),
        pytest.param('\'type=cache,"target=/a""b"\'', id="quote that is not closed when variables are expanded"),
    ],
)
def test_what_buildkit_refuses_is_no_mount(value: str) -> None:
    assert read(f"--mount={value}") == ()


def test_mounts_in_order_among_other_flags() -> None:
    mounts = read("--network=none --mount=type=cache,target=/a --security=insecure --mount=bad --mount=target=/b")
    assert [mount.target for mount in mounts] == ["/a", "/b"]
    assert [mount.flag.span.start for mount in mounts] == sorted(mount.flag.span.start for mount in mounts)
