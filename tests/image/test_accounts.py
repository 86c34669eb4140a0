"""Who is made by programs that make users, and where that user's home is."""

import pytest

from layerlint.image.accounts import Account, Accounts
from layerlint.rules.loading import load
from layerlint.shell.execution import execute_words
from layerlint.shell.state import State
from layerlint.shell.word import UNKNOWN, Word
from layerlint.source.mapped_text import MappedText
from layerlint.source.source import encode

KNOWLEDGE = load().knowledge


NOBODY = Accounts({})


def made(line: str, before: Accounts = NOBODY) -> Account | None:
    """The one user that there is once a command has run; `?` stands for what is not known."""
    words = [Word(MappedText.unmapped(encode(word.replace("?", UNKNOWN))), None) for word in line.split()]
    start = State({}, user="", directory="/", shell="", home_of=str)
    commands = execute_words(words, start, KNOWLEDGE.wrappers).commands
    found = before.after(commands, KNOWLEDGE.account_programs_by_name).by_name.values()
    return next(iter(found), None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("useradd app", Account("app"), id="a name"),
        pytest.param("useradd -m -d /data app", Account("app", home="/data", home_made=True), id="single letters"),
        pytest.param("useradd -md /data app", Account("app", home="/data", home_made=True), id="letters in one word"),
        pytest.param("useradd -m -d/data app", Account("app", home="/data", home_made=True), id="an attached value"),
        pytest.param("useradd -rmd/data app", Account("app", home="/data", home_made=True), id="both"),
        pytest.param("useradd app -u 7", Account("app", 7), id="an option behind"),
        pytest.param("useradd -mu7 app", Account("app", 7, home_made=True), id="an attached number"),
        pytest.param("useradd --home=/data --uid=7 app", Account("app", 7, "/data"), id="an equals sign"),
        pytest.param("useradd --home-dir /data/ -s /bin/sh app", Account("app", home="/data"), id="a slash at the end"),
        pytest.param("useradd -d / app", Account("app", home="/"), id="the root for a home"),
        pytest.param("useradd -d /a -d /b app", Account("app", home="/b"), id="the last counts"),
        pytest.param("useradd -b /srv/ -m app", Account("app", home="/srv/app", home_made=True), id="a base folder"),
        pytest.param("useradd -d ? -u ? app", Account("app"), id="values that are not known"),
        pytest.param("useradd -u 99999999999 app", Account("app"), id="a number that is none"),
        pytest.param("useradd -c app -- dev", Account("dev"), id="two dashes"),
        pytest.param("useradd ?", None, id="a name that is not known"),
        pytest.param("useradd -D", None, id="no name"),
        pytest.param("adduser -Dh /data app", Account("app", home="/data", home_made=True), id="adduser's letters"),
        pytest.param("adduser -Ds /bin/sh app", Account("app", home_made=True), id="a shell is no name"),
        pytest.param("adduser -DHs/bin/sh app", Account("app"), id="no home, among letters"),
        pytest.param("adduser --comment A app", Account("app", home_made=True), id="a comment is no name"),
        pytest.param("adduser app group", Account("app", home_made=True), id="the first is the name"),
        pytest.param("sudo adduser --system --uid 7 app", Account("app", 7), id="behind another program"),
    ],
)
def test_who_is_made(line: str, expected: Account | None) -> None:
    assert made(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("usermod -u 1000 app", Account("app", 1000, "/data", home_made=True), id="another number"),
        pytest.param("usermod --uid=1000 app", Account("app", 1000, "/data", home_made=True), id="with an equals sign"),
        pytest.param(
            "usermod -u ? app", Account("app", None, "/data", home_made=True), id="a number that is not known"
        ),
        pytest.param("usermod -d /home/app app", Account("app", 7, "/home/app"), id="another home, perhaps not there"),
        pytest.param("usermod -md /srv app", Account("app", 7, "/srv", home_made=True), id="the home is moved"),
        pytest.param("usermod -d ? app", Account("app", 7), id="a home that is not known"),
        pytest.param("usermod -aG sudo app", Account("app", 7, "/data", home_made=True), id="more groups"),
        pytest.param("usermod -u 9 ?", Account("app", 7, "/data", home_made=True), id="a user that is not known"),
    ],
)
def test_what_changes_a_user_leaves_the_rest(line: str, expected: Account) -> None:
    assert made(line, Accounts({"app": Account("app", 7, "/data", home_made=True)})) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("usermod -l dev app", Account("dev", 7, "/data", home_made=True), id="the home stays"),
        pytest.param("usermod --login=dev app", Account("dev", 7, "/data", home_made=True), id="with an equals sign"),
        pytest.param(
            "usermod -u 9 -md /home/dev -l dev app", Account("dev", 9, "/home/dev", home_made=True), id="and more"
        ),
        pytest.param("usermod -l ? app", Account("app", 7, "/data", home_made=True), id="a name that is not known"),
    ],
)
def test_a_user_gets_another_name(line: str, expected: Account) -> None:
    assert made(line, Accounts({"app": Account("app", 7, "/data", home_made=True)})) == expected


def test_a_user_of_another_name_keeps_the_home_of_the_old_one() -> None:
    assert made("usermod -l dev app", Accounts({"app": Account("app")})) == Account("dev", home="/home/app")


def test_a_user_of_the_image_is_there_once_something_is_known_of_it() -> None:
    assert made("usermod -u 1000 www-data") == Account("www-data", 1000)
    assert made("usermod -aG sudo www-data") is None
