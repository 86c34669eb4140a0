"""What commands remove of a folder: `find` and its expression, and who gets its paths from it."""

import pytest

from tests.caches.verdicts import LEFT, REMOVED, verdicts

REMOVES = [
    pytest.param("find ~/.cache -delete", id="all"),
    pytest.param("find ~/.cache/pip/ -mindepth 1 -delete", id="all in it"),
    pytest.param("find -L ~/.cache -xdev -depth -type f -print -delete", id="options that spare nothing"),
    pytest.param("find ~/.cache -type f,l -delete", id="files and links"),
    pytest.param("find ~/.cache \\( -type f \\) -delete", id="in parentheses"),
    pytest.param("find ~/.cache -name '*' -delete", id="any name"),
    pytest.param("find ~/.cache -type f -exec rm -f {} +", id="rm of the files"),
    pytest.param("find ~/.cache -type f -exec /bin/rm {} \\;", id="by a path"),
    pytest.param("find ~/.cache -exec rm -rf {} +", id="rm of folders"),
    pytest.param("find ~/.cache -mindepth 1 -maxdepth 1 -exec rm -rf {} +", id="rm of what lies at the top"),
    pytest.param("find ~ -mindepth 1 -maxdepth 1 -type d -exec rm -r -- {} \\;", id="of the folders there"),
    pytest.param("find / -name pip -exec rm -r {} +", id="of a name"),
    pytest.param("find / -type d -name .cache -prune -exec rm -rf {} +", id="of a folder's name"),
    pytest.param("find / -name '*cache*' -exec rm -rf {} +", id="of a hidden name that a star begins"),
    pytest.param("find ~/.cache -type f -print0 | xargs -0 rm", id="files from a pipe"),
    pytest.param("find ~/.cache -maxdepth 1 | xargs rm -rf", id="folders from a pipe"),
    pytest.param("find ~ -maxdepth 1 -name '.c*' -exec rm -rf {} +", id="rm of a name at the top"),
    pytest.param("find ~/.cache -maxdepth 1 -name pip | xargs rm -rf", id="a name at the top from a pipe"),
]
SPARES = [
    pytest.param("find ~/.cache", id="it says what there is"),
    pytest.param("find -delete", id="no path"),
    pytest.param("find ~/.cache -cmin +60 -delete", id="by age"),
    pytest.param("find ~/.cache -newermt yesterday -delete", id="by date"),
    pytest.param("find ~/.cache -size +1M -delete", id="by size"),
    pytest.param("find ~/.cache -type l -delete", id="links"),
    pytest.param("find ~/.cache -type d -delete", id="folders that are empty"),
    pytest.param("find ~/.cache -type d -exec rm -f {} +", id="rm does not remove folders"),
    pytest.param("find ~/.cache ! -type f -delete", id="not files"),
    pytest.param("find ~/.cache -not -name x -delete", id="all but a name"),
    pytest.param("find ~/.cache -maxdepth 1 -delete", id="what lies at the top"),
    pytest.param("find ~/.cache -mindepth 4 -delete", id="what lies deep"),
    pytest.param("find ~/.cache -maxdepth 1 -type f -exec rm -rf {} +", id="the files at the top"),
    pytest.param("find ~/.cache -prune -type f -exec rm -f {} +", id="nothing below"),
    pytest.param("find ~/.cache -name '*' -prune -exec rm -f {} +", id="nothing below any name"),
    pytest.param("find / -name pip -delete", id="a folder that is not empty"),
    pytest.param("find / -name 'pi*' -type f -delete", id="files of a name"),
    pytest.param("find / -maxdepth 1 -name pip -exec rm -rf {} +", id="a name, not that deep"),
    pytest.param("find / -name .cache -name x -exec rm -rf {} +", id="two names at once"),
    pytest.param("find / -name .cache -o -name x -exec rm -rf {} +", id="one or the other"),
    pytest.param("find ~/.cache -exec echo rm -rf {} +", id="words only"),
    pytest.param("find ~/.cache -exec test -w {} \\; -delete", id="what another program chooses"),
    pytest.param("find ~/.cache -mtime +1 | xargs rm -rf", id="by age, from a pipe"),
    pytest.param("find ~/.cache | xargs echo", id="who only says it"),
    pytest.param("find ~/.cache | rm -rf x", id="who reads nothing"),
    pytest.param("find '' -delete", id="a path that is empty"),
]


@pytest.mark.parametrize("command", REMOVES)
def test_what_removes_all(command: str) -> None:
    assert verdicts(f"RUN pip install x && {command}") == REMOVED


@pytest.mark.parametrize("command", SPARES)
def test_what_spares_some(command: str) -> None:
    assert verdicts(f"RUN pip install x && {command}") == LEFT


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("rm -Rf ~/.cache", id="in one word"),
        pytest.param("rm -f ~/.cache -r", id="an option behind"),
        pytest.param("rm --recursive ~/.cache", id="in full"),
        pytest.param("rm -rf - ~/.cache", id="a dash is a name"),
    ],
)
def test_options_of_rm(command: str) -> None:
    assert verdicts(f"RUN pip install x && {command}") == REMOVED


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("''", id="in quotes"),
        pytest.param('"$NOT_SET"', id="a variable that is not set"),
        pytest.param("'' /x", id="in front of another"),
    ],
)
def test_an_empty_word_is_not_the_working_directory(word: str) -> None:
    assert verdicts(f"WORKDIR /root\nRUN pip install x && rm -rf {word}") == LEFT


def test_two_stars_of_a_shell_are_one() -> None:
    assert verdicts("RUN pip install x && rm -rf ~/.cache/**") == REMOVED
    assert verdicts("RUN pip install x && rm -rf ~/**/pip") == LEFT
    assert verdicts("RUN pip install x && find ~/**/pip -delete") == LEFT


def test_behind_two_dashes_there_are_no_options() -> None:
    assert verdicts("RUN pip install x && rm -f -- -r ~/.cache") == LEFT
