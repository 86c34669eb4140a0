"""Where a cache is known to be, another place does not stand for it: neither a mount there nor a removal."""

from __future__ import annotations

import pytest

from layerlint.caches.build import read_runs
from layerlint.dockerfile.parser import parse
from layerlint.rules.loading import load
from layerlint.shell.word import shown
from layerlint.source.source import Source

RULES = load()
DNF = "RUN dnf install -y git"
LEFT = [
    pytest.param("fedora:42", "RUN --mount=type=cache,target=/var/cache/dnf dnf install -y git", "/var/cache/libdnf5"),
    pytest.param("fedora:42", f"{DNF} && rm -rf /var/cache/dnf /var/cache/yum", "/var/cache/libdnf5"),
    pytest.param("rockylinux:9", f"{DNF} && rm -rf /var/cache/yum", "/var/cache/dnf"),
    pytest.param("rockylinux:9", "RUN microdnf install -y git && rm -rf /var/cache/dnf", "/var/cache/yum"),
    pytest.param("centos:7", "RUN yum install -y git && rm -rf /var/cache/dnf", "/var/cache/yum"),
    pytest.param("composer:2", "RUN composer install && rm -rf ~/.cache/composer", "/tmp/cache"),
    pytest.param("composer:2", "RUN --mount=type=cache,target=/root/.cache/composer composer install", "/tmp/cache"),
    pytest.param("php:8", "ENV COMPOSER_CACHE_DIR=/cc\nRUN composer install && rm -rf ~/.cache/composer", "/cc"),
    pytest.param(
        "eclipse-temurin:21-jdk",
        "RUN --mount=type=cache,target=/home/gradle/.gradle ./gradlew build",
        "/root/.gradle",
    ),
    pytest.param("gradle:8", "USER gradle\nRUN gradle build && rm -rf /root/.gradle", "/home/gradle/.gradle"),
    pytest.param("ruby:3.3", "RUN gem install rake && rm -rf /usr/local/lib/ruby/gems/*/cache", "/usr/local/bundle"),
    pytest.param("ruby:3.3", "USER app\nRUN GEM_HOME=/g gem install rake && rm -rf ~/.gem/ruby/3.3.0/cache", "/g"),
    pytest.param(
        "ruby:3.3",
        "ENV BUNDLE_PATH=/bundle\nRUN bundle install && rm -rf ~/.bundle /usr/local/bundle/cache/*.gem",
        "/bundle/ruby/*",
    ),
    pytest.param("debian", "ENV CONDA_PKGS_DIRS=/p\nRUN conda install -y x && rm -rf /root/miniconda3/pkgs", "/p"),
    pytest.param("continuumio/miniconda3", "RUN conda install -y x && rm -rf /root/miniconda3/pkgs", "/opt/conda/pkgs"),
    pytest.param(
        "debian",
        "ENV PATH=/opt/miniconda3/bin:$PATH\nRUN conda install -y x && rm -rf /root/miniconda3/pkgs",
        "/opt/miniconda3/pkgs",
    ),
]
NOT_LEFT = [
    pytest.param("registry.example/tools", f"{DNF} && rm -rf /var/cache/libdnf5", id="another dnf"),
    pytest.param("registry.example/tools", "RUN yum install -y git && dnf clean all", id="dnf, which yum may be"),
    pytest.param("php:8", "RUN composer install && rm -rf ~/.cache/composer", id="another setting of Composer"),
    pytest.param("debian", "RUN gem install rake && rm -rf /usr/lib/ruby/gems/*/cache", id="another distribution"),
    pytest.param("debian", "RUN conda install -y x && rm -rf /root/miniconda3/pkgs", id="another folder"),
    pytest.param("gradle:8", "RUN gradle build && rm -rf /root/.gradle/caches", id="a link to it"),
    pytest.param(
        "ruby:2.2",
        "ENV BUNDLE_PATH=/bundle\nRUN bundle install && rm -rf ~/.bundle /bundle/cache/*.gem",
        id="another Bundler",
    ),
]


def _left(base: str, lines: str) -> list[str]:
    dockerfile = parse(Source("Dockerfile", f"FROM {base}\n{lines}\n".encode()))
    return [
        shown(entry.directory) for run in read_runs(dockerfile, RULES.knowledge) for entry in run.entries if entry.left
    ]


@pytest.mark.parametrize(("base", "lines", "directory"), LEFT)
def test_another_place_is_none_of_its(base: str, lines: str, directory: str) -> None:
    """A version, a variable or an image says where the cache is: what is done elsewhere leaves it."""
    assert set(_left(base, lines)) == {directory}


@pytest.mark.parametrize(("base", "lines"), NOT_LEFT)
def test_where_it_may_be_each_place_counts(base: str, lines: str) -> None:
    """Which version or setting it is, is not known: the author knows where the cache is."""
    assert _left(base, lines) == []
