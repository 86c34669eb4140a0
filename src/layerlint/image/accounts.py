"""The users of an image, as far as the Dockerfile makes them: their numbers and homes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from layerlint.shell.command import Command
from layerlint.shell.options import read_options
from layerlint.shell.word import HOME_OF, UNKNOWN, Word
from layerlint.source.source import encode
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property

ROOT_NAMES = frozenset({"", "root", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountProgram:
    """A program that makes a user (`useradd`): its options for the home directory and the number.

    `values` are its other options that take a value. The user is the last of its words that are neither options nor
    their values; with `name_first`, the first. The home directory is certainly made with one of the options
    `makes_home_with`, or without all of `makes_home_without`. With `changes` the user is there already, and what the
    options do not say stays as it is; `new_name` are those that give it another name.
    """

    names: tuple[str, ...]
    home: tuple[str, ...] = ()
    home_base: tuple[str, ...] = ()
    number: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    makes_home_with: tuple[str, ...] = ()
    makes_home_without: tuple[str, ...] = ()
    name_first: bool = False
    changes: bool = False
    new_name: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A user: `number` is None and `home` empty when not known.

    `home_missing` says that there is no such directory, `home_made` that there certainly is one, which is the user's.
    """

    name: str
    number: int | None = None
    home: str = ""
    home_missing: bool = False
    home_made: bool = False


@dataclass(frozen=True)
class Accounts:
    """The users that are known, by name; `complete` says that there are no others but root."""

    by_name: Mapping[str, Account]
    complete: bool = False

    def find(self, user: str) -> Account | None:
        """The account of a name or a number."""
        account = self.by_name.get(user)
        if account is None and user.isdecimal():
            return next((known for known in self.by_name.values() if str(known.number) == user), None)
        return account

    def home_of(self, user: str) -> str:
        """A user's home: as it was made, else where useradd and adduser put one.

        A user of whom only the number is known has a home that is only known as theirs.
        """
        account = self.find(user)
        if account is not None and account.home:
            return account.home
        if user in ROOT_NAMES:
            return "/root"
        if account is not None:
            return f"/home/{account.name}"
        if self.complete:
            return "/"  # what the container's runtime gives a user that the image does not know
        return f"{HOME_OF}{user}" if user.isdecimal() or UNKNOWN in user else f"/home/{user}"

    def number_of(self, user: str) -> int | None:
        """A user's number, None if it is not known."""
        if user in ROOT_NAMES:
            return 0
        account = self.find(user)
        if account is not None and account.number is not None:
            return account.number
        return int(user) if user.isdecimal() and len(user) < 11 else None

    def owner_of(self, path: str) -> str | None:
        """The user, other than root, in whose home a path is; None if it is in no home that is known as one."""
        below = f"{path}/"
        for home, name in self._homes:
            if below.startswith(home):
                return name
        if path.startswith("/home/"):
            name = path.split("/")[2]
            return name if name and not name.startswith(".") else None
        return path[1:].partition("/")[0] if path.startswith(HOME_OF) else None

    @cached_property
    def _homes(self) -> Sequence[tuple[str, str]]:
        """The homes of users other than root, each with a slash behind it, and whose they are."""
        others = (account for account in self.by_name.values() if account.name not in ROOT_NAMES)
        return [(f"{account.home or f'/home/{account.name}'}/", account.name) for account in others]

    @cached_property
    def _missing(self) -> Sequence[tuple[Account, bytes, str]]:
        """The users whose home is missing, each with that as it stands in a file, and with a slash behind it."""
        missing = (account for account in self.by_name.values() if account.home_missing and account.home)
        return [(account, encode(account.home), f"{account.home.rstrip('/')}/") for account in missing]

    def may_make(self, directory: str) -> bool:
        """Whether somebody who is not root may write a directory, as far as is known: not in a home that is missing."""
        below = f"{directory}/"
        if below.startswith("/.cache/"):
            return False  # below / only root makes a directory
        return not any(below.startswith(home) for _, _, home in self._missing)

    def with_homes_in(self, text: bytes, directory: str) -> Accounts:
        """The users behind an instruction with this text, in `directory`: a missing home that it names may be there."""
        below = f"{directory}/"
        made: list[Account] = []
        for account, written, home in self._missing:  # not `in`, which takes ten times as long for bytes (CPython 3.11)
            if text.find(written) >= 0 or below.startswith(home):
                made.append(account)
        if not made:
            return self
        by_name = {account.name: replace(account, home_missing=False) for account in made}
        return Accounts({**self.by_name, **by_name}, self.complete)

    def after(self, commands: Iterable[Command], programs: Mapping[str, Sequence[AccountProgram]]) -> Accounts:
        """The users once `commands` have run; `programs` are those that make or change users, by name."""
        by_name = dict(self.by_name)
        for command in commands:
            for program in programs.get(command.name, ()):
                account = _made(command, program)
                if account is None:
                    continue
                if program.changes:
                    name, account = account.name, _changed(command, program, account, by_name)
                    if account is None:
                        continue
                    if account.name != name:
                        by_name.pop(name, None)
                by_name[account.name] = account
        return self if by_name == self.by_name else Accounts(by_name, self.complete)


def _changed(
    command: Command, program: AccountProgram, said: Account, by_name: Mapping[str, Account]
) -> Account | None:
    """The account that a command changes, as it is then; `said` is what the command's words say of it.

    None where they say nothing that an account has.
    """
    options = read_options(command.words[1:], _with_value(program))
    new_name = _known(options.last(program.new_name))
    if not new_name and not options.any((*program.number, *program.home)):
        return None
    account = by_name.get(said.name, Account(said.name))
    if options.any(program.number):
        account = replace(account, number=said.number)
    if options.any(program.home):
        account = replace(account, home=said.home, home_made=said.home_made, home_missing=False)
    elif new_name and not account.home:
        account = replace(account, home=f"/home/{account.name}")  # where it was
    return replace(account, name=new_name) if new_name else account


def _with_value(program: AccountProgram) -> Sequence[str]:
    return (*program.home, *program.home_base, *program.number, *program.new_name, *program.values)


def _made(command: Command, program: AccountProgram) -> Account | None:
    options = read_options(command.words[1:], _with_value(program))
    named = options.rest[:1] if program.name_first else options.rest[-1:]
    if not named or not named[0].known:
        return None
    name = named[0].value
    home, base = (_known(options.last(names)) for names in (program.home, program.home_base))
    number = _known(options.last(program.number))
    made = options.any(program.makes_home_with) or (
        bool(program.makes_home_without) and not options.any(program.makes_home_without)
    )
    return Account(
        name,
        int(number) if number.isdecimal() and len(number) < 11 else None,
        (home.rstrip("/") or "/") if home else f"{base.rstrip('/')}/{name}" if base else "",
        home_made=made,
    )


def _known(word: Word | None) -> str:
    """The value of a word, empty where it is not known or there is none."""
    return word.value if word is not None and word.known else ""
