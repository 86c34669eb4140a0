"""What base images bring, as data: a FROM says only their name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import lru_cache

from layerlint.dockerfile.stages import DEFAULT_SHELL, ImageFacts
from layerlint.image.accounts import Account, Accounts
from layerlint.name_glob import is_glob, matches_any
from layerlint.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageUser:
    """A user of an image: name, number, home directory, and whether that is not there (`home_missing`)."""

    name: str
    number: int | None = None
    home: str = ""
    home_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What images whose reference matches one of the globs `names` bring.

    A reference is matched as FROM writes it, and also without the registry in front and the tag or digest behind.
    `user`, `home` (that user's), `environment`, `workdir` and `shell` are what the image's own USER, ENV, WORKDIR and
    SHELL say. With `all_users` there are no users but root and those listed. `files` are configuration files that are
    there, by path, with their text if it is known; where an entry does not say, the next one that matches does.
    `source` is where these facts are from.
    """

    names: tuple[str, ...]
    source: str = ""
    user: str = ""
    home: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/"
    shell: tuple[str, ...] = DEFAULT_SHELL
    users: tuple[ImageUser, ...] = ()
    all_users: bool = False
    files: Mapping[str, str | None] | None = None

    @property
    def facts(self) -> ImageFacts:
        """What a stage inherits."""
        return ImageFacts(user=self.user, environment=self.environment, workdir=self.workdir, shell=self.shell)

    @property
    def accounts(self) -> Accounts:
        """The users that a stage finds."""
        own = [ImageUser(name=self.user.partition(":")[0], home=self.home)] if self.user and self.home else []
        accounts = (
            Account(user.name, user.number, user.home, user.home_missing, home_made=not user.home_missing)
            for user in (*own, *self.users)
        )
        return Accounts({account.name: account for account in accounts}, complete=self.all_users)


class Images:
    """The known images."""

    def __init__(self, images: Sequence[Image]) -> None:
        """The first that matches counts."""
        self._images = tuple(images)
        # Most are known by name, or hold for all, and need not be gone through.
        self._named: dict[str, list[int]] = {}
        self._of_all: list[int] = []
        self._globs: list[int] = []
        for index, image in enumerate(self._images):
            if "*" in image.names:
                self._of_all.append(index)
            elif any(is_glob(name) for name in image.names):
                self._globs.append(index)
            else:
                for name in image.names:
                    self._named.setdefault(name, []).append(index)
        self._all_globs = tuple(name for index in self._globs for name in self._images[index].names)
        # The same few names come again and again.
        self._matching = lru_cache(maxsize=1024)(self._find_matching)

    def find(self, reference: str) -> Image | None:
        """What is known of an image, None if nothing is."""
        return next(iter(self._matching(reference)), None)

    def facts(self, reference: str) -> ImageFacts:
        """What a stage inherits from an image; of one that is not known, what is assumed of any."""
        image = self.find(reference)
        return image.facts if image is not None else ImageFacts()

    def accounts(self, reference: str | None) -> Accounts:
        """The users of an image that are known; none where the reference itself is not known."""
        image = self.find(reference) if reference else None
        return image.accounts if image is not None else Accounts({})

    def files(self, reference: str) -> Mapping[str, str | None]:
        """The configuration files of an image that are known, by path, with their text if it is known."""
        said = (image.files for image in self._matching(reference) if image.files is not None)
        return next(said, {})

    def _find_matching(self, reference: str) -> tuple[Image, ...]:
        written = (reference, _repository(reference))
        found = {*self._of_all, *(index for name in written for index in self._named.get(name, ()))}
        if any(matches_any(name, self._all_globs) for name in written):
            found.update(
                index for index in self._globs if any(matches_any(name, self._images[index].names) for name in written)
            )
        return tuple(self._images[index] for index in sorted(found))


def _repository(reference: str) -> str:
    """The repository of a reference: without the registry, the tag and the digest."""
    name = reference.partition("@")[0]
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        name = rest
    return name.partition(":")[0]
