"""What files hold once programs have written, copied, moved or removed them."""

import pytest

from layerlint.image.files import Files
from layerlint.rules.loading import load
from layerlint.shell.execution import execute
from layerlint.shell.state import State
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import encode

WRAPPERS = load().knowledge.wrappers
BEFORE = {"/etc/a.conf": "1", "/w/x/b.conf": "2", "/tmp/c": "3"}


def after(script: str) -> dict[str, str | None]:
    """The files that differ once a script has run in /w; those that are gone hold "gone"."""
    start = State({}, user="", directory="/w", shell="sh", home_of=str)
    files = Files(BEFORE, frozenset({"a.conf", "b.conf"}))
    for command in execute(MappedText.unmapped(encode(script)), start, WRAPPERS).commands:
        files = files.after(command)
    gone = dict.fromkeys(BEFORE.keys() - files.content.keys(), "gone")
    return {**gone, **{path: text for path, text in files.content.items() if BEFORE.get(path, "") != text}}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # Copies
        pytest.param("cp /etc/a.conf /x/a.conf", {"/x/a.conf": "1"}, id="to a name"),
        pytest.param("cp /etc/a.conf /x/", {"/x/a.conf": "1"}, id="into a folder"),
        pytest.param("cp /etc/a.conf /x", {"/x/a.conf": "1"}, id="into what may be a folder"),
        pytest.param("cp /etc/a.conf .", {"/w/a.conf": "1"}, id="into the folder that it runs in"),
        pytest.param("cp /etc/a.conf ..", {"/a.conf": "1"}, id="into the one above"),
        pytest.param("cp /etc/a.conf /x/b.conf", {"/x/b.conf": "1"}, id="to another name"),
        pytest.param("cp /etc/a.conf x/b.conf /y", {"/y/a.conf": "1", "/y/b.conf": "2"}, id="several"),
        pytest.param("cp -t /y /etc/a.conf", {"/y/a.conf": "1"}, id="with the folder in front"),
        pytest.param("cp --target-directory=/y /etc/a.conf", {"/y/a.conf": "1"}, id="and in full"),
        pytest.param("cp /tmp/other /x/a.conf", {"/x/a.conf": None}, id="what is not known"),
        pytest.param("cp /etc/a.conf", {}, id="to nowhere"),
        pytest.param("cp /etc/a.conf /x/a.conf || true", {"/x/a.conf": "1"}, id="certainly, or not in vain"),
        pytest.param("if y; then cp /etc/a.conf /x/a.conf; fi", {"/x/a.conf": None}, id="perhaps"),
        pytest.param("install -m 0644 -Do root /etc/a.conf /x/a.conf", {"/x/a.conf": "1"}, id="with options"),
        pytest.param("install -d /etc/a.conf /x/a.conf", {}, id="folders that are made"),
        pytest.param("ln -s /etc/a.conf /x/a.conf", {"/x/a.conf": "1"}, id="a link"),
        # Moves
        pytest.param("mv /etc/a.conf /x/a.conf", {"/etc/a.conf": "gone", "/x/a.conf": "1"}, id="moved"),
        pytest.param("mv /etc/a.conf /tmp/a", {"/etc/a.conf": "gone", "/tmp/a/a.conf": "1"}, id="out of the way"),
        pytest.param("mv x/b.conf x/a.conf", {"/w/x/b.conf": "gone", "/w/x/a.conf": "2"}, id="renamed"),
        pytest.param("mv x y", {"/w/x/b.conf": "gone"}, id="with its folder"),
        pytest.param("mv x/* /y/", {"/w/x/b.conf": "gone"}, id="by a pattern"),
        pytest.param("mv /etc/other /etc/a.conf", {"/etc/a.conf": None}, id="something else in its place"),
        # Changes
        pytest.param("sed -i s/1/2/ /etc/a.conf", {"/etc/a.conf": None}, id="edited"),
        pytest.param("sed -ri -e s/1/2/ /etc/a.conf", {"/etc/a.conf": None}, id="edited, letters in one word"),
        pytest.param("sed --in-place=.old s/1/2/ /etc/a.conf", {"/etc/a.conf": None}, id="edited, with a copy"),
        pytest.param("sed s/1/2/ /etc/a.conf", {}, id="only printed"),
        pytest.param("truncate -s 0 /etc/a.conf", {"/etc/a.conf": None}, id="cut"),
        pytest.param("truncate -r /etc/a.conf /w/x/b.conf", {"/w/x/b.conf": None}, id="cut as long as another"),
        pytest.param("echo 2 | tee -a /etc/a.conf", {"/etc/a.conf": "12\n"}, id="appended"),
        pytest.param("echo 2 | tee /etc/a.conf x/b.conf", {"/etc/a.conf": "2\n", "/w/x/b.conf": "2\n"}, id="twice"),
        # Removals
        pytest.param("rm -f /etc/a.conf", {"/etc/a.conf": "gone"}, id="removed"),
        pytest.param("rm -rf x/../x/", {"/w/x/b.conf": "gone"}, id="by a path that is not normal"),
        pytest.param("rm -f -- -x x/*.conf", {"/w/x/b.conf": "gone"}, id="by a pattern, behind two dashes"),
        pytest.param("rm -f /etc/b.conf", {}, id="another name"),
    ],
)
def test_after(script: str, expected: dict[str, str | None]) -> None:
    assert after(script) == expected
