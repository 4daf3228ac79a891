"""A service's image holds what its Dockerfile copies: `shared/`, that service, the policy, two scripts."""

import re

import pytest

from tests.architecture.source import ROOT, SERVICES, python_files, shown

DOCKERFILES = (
    "service.Dockerfile",
    "docker/tools.Dockerfile",
    "docker/nats.Dockerfile",
    "postgres/Dockerfile",
    "prometheus/Dockerfile",
)
COPY = re.compile(r"^COPY (?!--from)(.+) \S+$", re.MULTILINE)
FROM = re.compile(r"^FROM (\S+)", re.MULTILINE)


def _text(name: str) -> str:
    return (ROOT / "deploy" / name).read_text("utf-8")


def _copied(service: str) -> list[str]:
    final = _text("service.Dockerfile").split("AS service")[1].replace("${SERVICE}", service)
    return [source for sources in COPY.findall(final) for source in sources.split()]


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_shared_and_its_own_service_alone(service: str) -> None:
    assert _copied(service) == [
        "deploy/docker/serve.sh",
        "deploy/docker/healthy.py",
        "deploy/policy",
        "shared",
        f"services/{service}",
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_whatever_is_copied_is_there_and_let_through(service: str) -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for source in _copied(service):
        assert (ROOT / source).exists()
        assert f"!{source.split('/')[0]}" in ignored


@pytest.mark.parametrize("name", DOCKERFILES)
def test_every_image_has_one_base_and_ends_as_nobody_in_particular(name: str) -> None:
    assert "ARG BASE=debian:13.1-slim" in _text(name)
    assert set(FROM.findall(_text(name))) == {"${BASE}"}
    assert re.findall(r"^USER (\S+)", _text(name), re.MULTILINE)[-1] == "10001:10001"


@pytest.mark.parametrize(
    "name", ["service.Dockerfile", "docker/tools.Dockerfile", "docker/nats.Dockerfile"]
)
def test_packages_come_from_the_lock_by_their_hashes(name: str) -> None:
    assert "--require-hashes" in _text(name)
    assert "deploy/requirements/run.txt" in _text(name)


def test_no_serving_code_knows_how_to_migrate() -> None:
    importing = re.compile(r"^(from|import) shared\.(migrat|eventstore\.schema)", re.MULTILINE)
    found = [
        shown(path)
        for path in python_files("services")
        if importing.search(path.read_text("utf-8")) and "versions" not in path.parts
    ]
    assert found == []
