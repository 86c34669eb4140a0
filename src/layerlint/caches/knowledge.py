"""What is known of the programs that RUNs start, and of the images that stages are built on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from layerlint.caches.removal import Remover, Removers, by_name
from layerlint.image.accounts import AccountProgram
from layerlint.image.images import Images
from layerlint.shell.wrappers import Wrappers
from layerlint.startup.quick_dataclass import dataclass
from layerlint.startup.quick_property import cached_property
from layerlint.tools.catalog import Catalog
from layerlint.tools.mentions import Mentions


@dataclass(frozen=True)
class Knowledge:
    """What is known of the programs that RUNs start, and of base images."""

    catalog: Catalog
    wrappers: Wrappers
    removers: Sequence[Remover]
    account_programs: Sequence[AccountProgram]
    images: Images

    @cached_property
    def removers_by_name(self) -> Removers:
        """The programs that remove files."""
        return by_name(self.removers)

    @cached_property
    def account_programs_by_name(self) -> Mapping[str, Sequence[AccountProgram]]:
        """The programs that make users."""
        named: dict[str, list[AccountProgram]] = {}
        for program in self.account_programs:
            for name in program.names:
                named.setdefault(name, []).append(program)
        return named

    @cached_property
    def account_program_in(self) -> Mentions:
        """Whether a text names a program that makes users."""
        return Mentions(self.account_programs_by_name)

    @cached_property
    def remover_in(self) -> Mentions:
        """Whether a text names a program that removes files."""
        return Mentions(name for remover in self.removers for name in remover.names)
