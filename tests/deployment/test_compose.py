"""`docker compose up`: the whole topology, one open door, and no password in the file."""

import argparse
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from punctual.commands import COMMANDS, secrets
from punctual.kit import settings
from tests.deployment.compose import (
    FILES,
    FRONT,
    FRONTED,
    MEASURED,
    MONITORING,
    NORMAL,
    ONE_SHOT,
    ROOT,
    SERVERS,
    SMALL,
    read,
    schema,
    services,
    values,
    variables,
)

BOTH = pytest.mark.parametrize("files", [NORMAL, SMALL], ids=["normal", "small"])
PATH = "/run/secrets/"


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_valid_for_the_compose_specification(name: str) -> None:
    jsonschema.validate(read(name), schema())


def test_every_process_of_the_design_is_there() -> None:
    commands = {name: service.get("command", "") for name, service in services(*NORMAL).items()}

    assert {f"serve {name}" for name in ("gateway", *settings.BEHIND_THE_GATEWAY)} <= set(commands.values())
    assert {"work", "work --queues mail", "schedule", "migrate --create"} <= set(commands.values())
    assert set(commands) >= SERVERS


def test_a_small_host_runs_five_containers() -> None:
    assert len(set(services(*SMALL)) - ONE_SHOT) == 5


def test_a_small_host_serves_the_same_and_its_gateway_closes_first() -> None:
    served = services(*SMALL)["gateway"]["command"].split()

    assert sorted(served[1:]) == sorted(["gateway", *settings.BEHIND_THE_GATEWAY])
    assert served[-1] == "gateway"


@BOTH
def test_only_the_gateway_publishes_a_port(files: tuple[str, ...]) -> None:
    assert [name for name, service in services(*files).items() if "ports" in service] == ["gateway"]


def test_a_front_is_opened_beside_the_gateway_and_reaches_nobody_else() -> None:
    known = services(*FRONTED)

    assert [name for name, service in known.items() if "ports" in service] == ["gateway", FRONT]
    assert known[FRONT]["networks"] == ["public"]


@pytest.mark.parametrize(
    ("files", "proxies"), [(NORMAL, 0), (SMALL, 0), (FRONTED, 1)], ids=["normal", "small", "front"]
)
def test_the_gateway_believes_the_front_and_nobody_else(files: tuple[str, ...], proxies: int) -> None:
    (default,) = re.findall(r"PROXIES:-(\d)", services(*files)["gateway"]["environment"]["PUNCTUAL_TRUSTED_PROXIES"])

    assert int(default) == proxies


def test_the_gateway_reaches_neither_databases_nor_the_world_behind_it() -> None:
    known = services(*NORMAL)
    networks = read("docker-compose.yml")["networks"]

    assert "data" not in known["gateway"]["networks"]
    assert known["postgres"]["networks"] == ["data"]
    assert known["rabbitmq"]["networks"] == ["broker"]
    assert {name for name, network in networks.items() if not (network or {}).get("internal")} == {"public", "outside"}
    assert [name for name, service in known.items() if "outside" in service["networks"]] == ["mail-worker"]
    assert [name for name, service in known.items() if "public" in service["networks"]] == ["gateway"]


def test_who_measures_reaches_every_process_and_is_seen_on_this_host_only() -> None:
    known = services(*MEASURED)
    (job,) = yaml.safe_load((ROOT / "deployment" / "prometheus" / "prometheus.yml").read_text())["scrape_configs"]
    names = set(job["dns_sd_configs"][0]["names"])

    assert names == set(services(*NORMAL)) - SERVERS - ONE_SHOT
    assert all(set(known["prometheus"]["networks"]) & set(known[name]["networks"]) for name in names)
    assert "ports" not in known["prometheus"]
    assert all(port.startswith("127.0.0.1:") for port in known["grafana"]["ports"])
    for name in MONITORING:
        assert not {"data", "outside"} & set(known[name]["networks"]), name
        assert known[name]["read_only"] is True, name
        assert known[name]["cap_drop"] == ["ALL"], name


def test_grafana_finds_its_source_and_its_dashboard() -> None:
    mounted = "/etc/punctual"
    folder = ROOT / "deployment" / "grafana"
    (provider,) = yaml.safe_load((folder / "provisioning/dashboards/punctual.yml").read_text())["providers"]
    (source,) = yaml.safe_load((folder / "provisioning/datasources/prometheus.yml").read_text())["datasources"]
    grafana = services(*MEASURED)["grafana"]

    assert f"./deployment/grafana:{mounted}:ro" in grafana["volumes"]
    assert grafana["environment"]["GF_PATHS_PROVISIONING"] == f"{mounted}/provisioning"
    assert list((folder / provider["options"]["path"].removeprefix(f"{mounted}/")).glob("*.json"))
    assert source["url"] == "http://prometheus:9090"


@pytest.mark.parametrize("name", FILES)
def test_no_password_stands_in_the_file(name: str) -> None:
    found = [value for value in values(read(name)) if re.search(r"://[^/\s]*:[^/\s]*@", value)]
    named = re.findall(r"^\s*([A-Z_]*(?:PASSWORD|SECRET|KEY)[A-Z_]*):", (ROOT / name).read_text(), re.MULTILINE)

    assert found == []
    assert all(variable.endswith("_FILE") for variable in named)


@BOTH
def test_each_process_may_read_its_secrets_and_no_others(files: tuple[str, ...], tmp_path: Path) -> None:
    arguments = argparse.Namespace(directory=tmp_path, postgres="postgres", rabbitmq="rabbitmq")
    made = {path.name: group for path, _, group in secrets.wanted(arguments)}
    for name, service in services(*files).items():
        wanted = {value.removeprefix(PATH) for value in service["environment"].values() if value.startswith(PATH)}
        if name in SERVERS | {"secrets"}:
            continue
        primary = service.get("user", "10001:10001").partition(":")[2]
        groups = {int(number) for number in service["group_add"]} | ({int(primary)} - {10001})

        assert wanted <= set(made), name
        assert {made[file] for file in wanted} == groups, name


@BOTH
def test_every_variable_of_the_file_is_a_setting(files: tuple[str, ...]) -> None:
    from punctual.commands.doctor.configuration import describe

    given = {name: "x" for service in services(*files).values() for name in service["environment"]}
    findings = describe({name: text for name, text in given.items() if name.startswith("PUNCTUAL_")})

    assert [finding for finding in findings if "nobody reads" in str(finding)] == []


@BOTH
def test_processes_are_limited_restarted_and_may_change_nothing(files: tuple[str, ...]) -> None:
    for name, service in services(*files).items():
        assert service["restart"] == ("no" if name in ONE_SHOT else "unless-stopped"), name
        assert {"mem_limit", "pids_limit"} <= set(service), name
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        if name not in SERVERS:
            assert service["read_only"] is True, name
            assert service["cap_drop"] == ["ALL"], name
            assert service["stop_grace_period"] == "35s", name
        if name not in SERVERS:
            assert service["command"].split()[0] in COMMANDS, name


@BOTH
def test_servers_say_when_they_are_ready(files: tuple[str, ...]) -> None:
    known = services(*files)

    assert all("healthcheck" in known[name] for name in SERVERS)
    assert known["migrate"]["depends_on"] == {name: {"condition": "service_healthy"} for name in SERVERS}


def test_what_can_be_set_is_told() -> None:
    told = (ROOT / "docs" / "deployment.md").read_text()

    wanted = {name for file in FILES for name in variables((ROOT / file).read_text())}
    assert [name for name in wanted if f"`{name}`" not in told] == []
