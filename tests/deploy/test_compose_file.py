"""What the compose file promises of every container, now and after the next change."""

import json
import re

import pytest

from shared import metrics, metrics_points
from shared.metrics import Instrument
from shared.metrics_text import text_name
from tests.architecture.source import ROOT
from tests.architecture.source import SERVICES as DECIDED
from tests.deploy.compose_file import Service, secrets_of, services, variables

ALL = services()
OBSERVING = {"prober", "prometheus", "collector", "grafana"}
# They hold no secret, and are not of our own making.
PULLED = {"grafana", "collector"}
SERVING = {"postgres", "keystore", "nats", *DECIDED, *OBSERVING}
ONCE = ALL.keys() - SERVING
INSTRUMENTS = [
    one
    for module in (metrics, metrics_points)
    for one in vars(module).values()
    if isinstance(one, Instrument)
]
FIGURE = re.compile(r"\b((?:probe|parley|http)_\w+)")
PROBED = {"probe_success", "probe_duration_seconds", "probe_ssl_earliest_cert_expiry"}
OFFERED = PROBED | {
    name + suffix for name in (text_name(one) for one in INSTRUMENTS) for suffix in ("", "_bucket")
}
NAMES_NOTHING_SECRET = {
    "PARLEY_MISSION",
    "PARLEY_SITE",
    "PARLEY_EXERCISE",
    "PARLEY_SECRETS",
    "PARLEY_PUBLIC_URL",
}


@pytest.mark.parametrize("name", ALL)
def test_every_container_is_confined(name: str) -> None:
    service = ALL[name]
    assert service["user"] == "${PARLEY_UID:-10001}:${PARLEY_GID:-10001}"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "cpus", "pids_limit", "logging"} <= service.keys()
    assert not {"privileged", "cap_add", "network_mode", "pid", "env_file"} & service.keys()


@pytest.mark.parametrize("name", ALL)
def test_every_container_sees_only_its_own_secrets(name: str) -> None:
    assert secrets_of(ALL[name]) == ([] if name in {"prometheus", "collector"} else [name])


def test_nothing_can_be_reached_but_from_this_machine() -> None:
    published = {name: service["ports"] for name, service in ALL.items() if "ports" in service}
    assert published == {
        "gateway": ["${PARLEY_BIND:-127.0.0.1}:${PARLEY_PORT:-8080}:8000"],
        "grafana": ["127.0.0.1:${PARLEY_GRAFANA_PORT:-3000}:3000"],
    }
    reaching_out = {name for name, service in ALL.items() if service["networks"] != ["inside"]}
    assert reaching_out == published.keys()


@pytest.mark.parametrize("name", ALL)
def test_every_image_has_a_version(name: str) -> None:
    version = ALL[name]["image"].partition(":")[2]
    assert version
    assert version != "latest"


@pytest.mark.parametrize("name", ALL.keys() - PULLED)
def test_every_image_but_those_that_watch_is_built_here(name: str) -> None:
    build = ALL[name]["build"]
    assert (ROOT / build["dockerfile"]).is_file()
    assert build["args"]["BASE"] == "${PARLEY_BASE_IMAGE:-debian:13.1-slim}"


def test_what_serves_restarts_and_what_runs_once_does_not() -> None:
    assert {name for name in ALL if ALL[name]["restart"] == "unless-stopped"} == SERVING
    assert {name for name in ALL if ALL[name]["restart"] == "no"} == ONCE


@pytest.mark.parametrize("service", DECIDED)
def test_no_serving_process_migrates(service: str) -> None:
    before = ALL[service]["depends_on"][f"migrate-{service}"]
    assert before == {"condition": "service_completed_successfully"}
    assert "command" not in ALL[service]
    assert ALL[f"migrate-{service}"]["command"][-1] == "shared.migrating"


def test_whatever_is_waited_for_is_waited_for_until_it_is_well() -> None:
    for service in ALL.values():
        for name, how in service.get("depends_on", {}).items():
            wanted = "service_healthy" if name in SERVING else "service_completed_successfully"
            wanted = "service_started" if name in OBSERVING else wanted
            assert how == {"condition": wanted}


def test_an_unset_setting_that_matters_is_refused_by_name() -> None:
    required = {name for name, (how, _) in variables().items() if how == "?"}
    assert required == NAMES_NOTHING_SECRET


def test_the_example_names_every_variable_and_holds_no_secret() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    named = {line.lstrip("#").split("=")[0] for line in lines if "=" in line}
    assert named == variables().keys()


@pytest.mark.parametrize("name", ALL)
def test_no_environment_holds_a_password(name: str) -> None:
    for setting, value in _environment(ALL[name]).items():
        assert "@" not in value
        assert "FILE" in setting or not {"PASSWORD", "TOKEN", "KEY"} & set(setting.split("_"))


@pytest.mark.parametrize("name", ["health", "backbone"])
def test_a_dashboard_shows_only_figures_that_there_are(name: str) -> None:
    file = ROOT / f"deploy/grafana/dashboards/{name}.json"
    panels = json.loads(file.read_text("utf-8"))["panels"]
    asked = " ".join(target["expr"] for panel in panels for target in panel["targets"])
    assert set(FIGURE.findall(asked)) <= OFFERED


def test_alerts_watch_only_figures_that_there_are() -> None:
    rules = (ROOT / "deploy/prometheus/rules.yml").read_text("utf-8")
    asked = " ".join(re.findall(r"expr: (.*)", rules))
    assert set(FIGURE.findall(asked)) <= OFFERED


@pytest.mark.parametrize("name", sorted(SERVING - OBSERVING))
def test_whoever_serves_is_watched(name: str) -> None:
    watched = (ROOT / "deploy/prometheus/prometheus.yml").read_text("utf-8")
    assert re.search(rf"\b{name}:\d+", watched)


def _environment(service: Service) -> dict[str, str]:
    told: dict[str, str] = service.get("environment", {})
    return told
