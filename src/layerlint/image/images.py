"""What base images bring, as data: a FROM says only their name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache

from layerlint.dockerfile.stages import DEFAULT_SHELL, ImageFacts
from layerlint.globs.name_glob import is_glob, matches_any
from layerlint.image.accounts import Account, Accounts
from layerlint.startup.lazy_pattern import lazy_pattern
from layerlint.startup.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageUser:
    """A user of an image: name, number, and home directory.

    `home_missing` says that the home is not there, `may_be_made` that it may be there or not.
    """

    name: str
    number: int | None = None
    home: str = ""
    home_missing: bool = False
    may_be_made: bool = False

    @property
    def home_made(self) -> bool:
        """Whether the home certainly is there."""
        return not (self.home_missing or self.may_be_made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What images whose reference matches one of the globs `names` bring.

    A reference is matched as FROM writes it, without the registry in front, and also without the tag or digest behind;
    one without tag and digest also as `name:latest`. An official image, which Docker Hub has as `library/name` and for
    one architecture as `arm64v8/name`, also as `name`.
    `user`, `home` (that user's), `environment`, `workdir` and `shell` are what the image's own USER, ENV, WORKDIR and
    SHELL say. With `all_users` there are no users but root and those listed. `files` are configuration files that are
    there, by path, with their text if it is known. `versions` are those of tools, by the name of the tool, or of one of
    its programs: what the image has of it or installs from its own packages; `{tag}` is the tag, and an empty one is
    not known. `newest` are the newest that can be installed there, by the name of the package. Where an entry does not
    say `files`, the version of a tool or one of the `users`, the next one that matches does. For all else the first
    entry that says more than versions counts. `source` is where these facts are from.
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
    versions: Mapping[str, str] = field(default_factory=dict)
    newest: Mapping[str, str] = field(default_factory=dict)

    @property
    def says_only_versions(self) -> bool:
        """Whether nothing but the versions of tools is said."""
        if not (self.versions or self.newest):
            return False
        return self == Image(names=self.names, source=self.source, versions=self.versions, newest=self.newest)

    @property
    def facts(self) -> ImageFacts:
        """What a stage inherits."""
        return ImageFacts(user=self.user, environment=self.environment, workdir=self.workdir, shell=self.shell)

    @property
    def accounts(self) -> Mapping[str, Account]:
        """The users that it says, by name."""
        own = [ImageUser(name=self.user.partition(":")[0], home=self.home)] if self.user and self.home else []
        accounts = (
            Account(user.name, user.number, user.home, user.home_missing, home_made=user.home_made)
            for user in (*own, *self.users)
        )
        return {account.name: account for account in accounts}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the images of one name."""

    facts: ImageFacts
    accounts: Accounts
    files: Mapping[str, str | None]
    versions: Mapping[str, str]
    newest: Mapping[str, str]


_OFFICIAL = lazy_pattern(
    r"^(?:(?:[^:]*/)?(?:library|docker\.io)|amd64|arm32v[5-7]|arm64v8|armel|armhf|aarch64|i386|mips64le|ppc64le|riscv64|s390x"
    r"|winamd64)/"
)
"""What stands in front of the name of an image of Docker Hub: `library` of an official one (distribution/reference),
also behind a mirror's path, or the namespace of one architecture (docker-library/official-images, README)."""


class Images:
    """The known images."""

    def __init__(self, images: Sequence[Image]) -> None:
        """The first that matches counts."""
        self._images = tuple(images)
        # Most globs are for the tags of one repository: the others need not be gone through.
        self._of_all: list[int] = []
        self._named: dict[str, list[int]] = {}
        of_repository: dict[str, dict[int, tuple[str, ...]]] = {}
        others: dict[int, tuple[str, ...]] = {}
        for index, image in enumerate(self._images):
            for name in image.names:
                repository, colon, _ = name.partition(":")
                if name == "*":
                    self._of_all.append(index)
                elif not is_glob(name):
                    self._named.setdefault(name, []).append(index)
                else:
                    kept = of_repository.setdefault(repository, {}) if colon and not is_glob(repository) else others
                    kept[index] = (*kept.get(index, ()), name)
        self._of_repository = {repository: tuple(globs.items()) for repository, globs in of_repository.items()}
        self._others = tuple(others.items())
        self._all_others = tuple(name for globs in others.values() for name in globs)
        # The same few names come again and again.
        self._known = lru_cache(maxsize=1024)(self._read)

    def accounts(self, reference: str | None) -> Accounts:
        """The users of an image that are known; none where the reference itself is not known."""
        return self._known(reference).accounts if reference else Accounts({})

    def versions(self, reference: str) -> Mapping[str, str]:
        """The versions of tools that an image brings, as far as they are known, by the names of the tools."""
        return self._known(reference).versions

    def newest(self, reference: str) -> Mapping[str, str]:
        """The newest versions that can be installed in an image, as far as they are known, by the names of packages."""
        return self._known(reference).newest

    def facts(self, reference: str) -> ImageFacts:
        """What a stage inherits from an image; of one that is not known, what is assumed of any."""
        return self._known(reference).facts

    def files(self, reference: str) -> Mapping[str, str | None]:
        """The configuration files of an image that are known, by path, with their text if it is known."""
        return self._known(reference).files

    def _read(self, reference: str) -> _Known:
        matching = self._find_matching(reference)
        image = next((image for image in matching if not image.says_only_versions), None)
        facts = image.facts if image is not None else ImageFacts()
        files = next((image.files for image in matching if image.files is not None), {})
        versions = _versions([image.versions for image in matching], _tag(reference))
        newest = _versions([image.newest for image in matching], _tag(reference))
        return _Known(facts, _accounts(matching), files, versions, newest)

    def _find_matching(self, reference: str) -> tuple[Image, ...]:
        found = set(self._of_all)
        for name in _names_of(reference):
            found.update(self._named.get(name, ()))
            globs = self._of_repository.get(name.partition(":")[0], ())
            if matches_any(name, self._all_others):
                globs = (*globs, *self._others)
            found.update(index for index, names in globs if matches_any(name, names))
        return tuple(self._images[index] for index in sorted(found))


def _accounts(images: Iterable[Image]) -> Accounts:
    by_name: dict[str, Account] = {}
    for image in images:
        by_name = {**image.accounts, **by_name}
        if image.all_users:
            return Accounts(by_name, complete=True)
    return Accounts(by_name)


def _versions(of_images: Iterable[Mapping[str, str]], tag: str) -> Mapping[str, str]:
    said: dict[str, str] = {}
    for versions in of_images:
        for tool, version in versions.items():
            said.setdefault(tool, version.replace("{tag}", tag))
    return {tool: version for tool, version in said.items() if version}


def _names_of(reference: str) -> tuple[str, ...]:
    """What a reference is matched as: as it is, with the tag and without the registry, and the repository alone.

    An official image that is called by a longer name comes by its short one after that.
    """
    name, digest, _ = reference.partition("@")
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        name = rest
    repository, tag, _ = name.partition(":")
    with_tag = name if tag or digest else f"{repository}:latest"
    names = (reference, with_tag, repository)
    return tuple(dict.fromkeys((*names, *(_OFFICIAL.sub("", name, count=1) for name in names[1:]))))


def _tag(reference: str) -> str:
    """The tag of a reference; empty without one."""
    return reference.partition("@")[0].rpartition("/")[2].partition(":")[2]
