"""Kubernetes: the same topology for many hosts, valid, without rights, and with the same walls."""

import subprocess

import kubernetes_validate
import pytest
import yaml

from punctual.kit.settings import BEHIND_THE_GATEWAY, SERVICES
from tests.deployment import compose
from tests.deployment.kubernetes import FOLDER, OVERLAYS, container, matches, of, pod, rendered

BOTH = pytest.mark.parametrize("overlay", OVERLAYS)
PROCESSES = {"gateway", *BEHIND_THE_GATEWAY, "worker", "mail-worker", "scheduler"}
CUSTOM = {"Cluster", "PodMonitor", "PrometheusRule", "RabbitmqCluster", "ScaledObject", "TriggerAuthentication"}
BY_OPERATORS = {"rabbitmq-default-user", *(f"{service}-db-app" for service in SERVICES)}
BY_HAND = {"punctual-smtp"}


@BOTH
@pytest.mark.parametrize("version", ["1.30", "1.34"])
def test_every_object_fits_the_schema_of_its_version(overlay: str, version: str) -> None:
    for item in rendered(overlay):
        if item["kind"] not in CUSTOM:
            kubernetes_validate.validate(item, version, strict=True)


@BOTH
def test_every_process_runs(overlay: str) -> None:
    assert set(of(overlay, "Deployment")) == PROCESSES
    assert set(of(overlay, "Job")) == {"migrate"}
    assert set(of(overlay, "Cluster")) == {f"{service}-db" for service in SERVICES}


@BOTH
def test_every_process_is_probed(overlay: str) -> None:
    for name, deployment in of(overlay, "Deployment").items():
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(container(deployment)), name


@BOTH
def test_no_process_has_rights(overlay: str) -> None:
    for name, item in of(overlay, "Deployment", "Job").items():
        whole, alone = pod(item)["spec"], container(item)["securityContext"]

        assert whole["automountServiceAccountToken"] is False, name
        assert whole["securityContext"]["runAsNonRoot"] is True, name
        assert whole["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert alone["readOnlyRootFilesystem"] is True, name
        assert alone["allowPrivilegeEscalation"] is False, name
        assert alone["capabilities"] == {"drop": ["ALL"]}, name
        assert "memory" in container(item)["resources"]["limits"], name


@BOTH
def test_time_to_finish_is_longer_than_a_process_takes(overlay: str) -> None:
    for name, item in of(overlay, "Deployment").items():
        waits = container(item).get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", ["0"])[-1]

        assert pod(item)["spec"]["terminationGracePeriodSeconds"] >= 30 + int(waits), name


@BOTH
def test_passwords_come_by_reference_from_secrets_that_are_made(overlay: str) -> None:
    script = subprocess.run([FOLDER / "secrets"], check=True, capture_output=True, text=True).stdout
    made = {item["metadata"]["name"]: set(item["stringData"]) for item in yaml.safe_load_all(script)}
    for name, item in of(overlay, "Deployment", "Job").items():
        for variable in container(item)["env"]:
            source = variable.get("valueFrom", {}).get("secretKeyRef")
            if source and source["name"] not in BY_OPERATORS | BY_HAND:
                assert source["key"] in made[source["name"]], name
    for cluster in of(overlay, "Cluster").values():
        assert {role["passwordSecret"]["name"] for role in cluster["spec"]["managed"]["roles"]} <= set(made)
    assert of(overlay, "Secret") == {}


@BOTH
def test_a_process_has_the_database_urls_that_it_has_under_compose(overlay: str) -> None:
    known = compose.services(*compose.NORMAL)
    for name, item in of(overlay, "Deployment").items():
        wanted = {variable.removesuffix("_FILE") for variable in known[name]["environment"] if "DATABASE" in variable}
        given = {variable["name"] for variable in container(item)["env"] if "DATABASE_" in variable["name"]}

        assert given == wanted, name


@BOTH
def test_the_walls_are_those_of_compose(overlay: str) -> None:
    policies = of(overlay, "NetworkPolicy")
    known = compose.services(*compose.NORMAL)
    for name, item in of(overlay, "Deployment", "Job").items():
        labels = pod(item)["metadata"]["labels"]
        allowed = {rule for rule, policy in policies.items() if matches(policy["spec"]["podSelector"], labels)}
        networks = set(known[name]["networks"])

        assert "nothing-but-names" in allowed, name
        assert ("to-broker" in allowed) == ("broker" in networks), name
        assert any(rule.endswith("-db") for rule in allowed) == ("data" in networks), name
        assert ("to-services" in allowed) == ("services" in networks), name
        assert ("to-mail-server" in allowed) == ("outside" in networks), name
        assert ("public-to-gateway" in allowed) == ("public" in networks), name


@BOTH
def test_a_database_lets_in_those_who_may_go_there(overlay: str) -> None:
    policies = of(overlay, "NetworkPolicy")
    for service in SERVICES:
        inwards = policies[f"{service}-db"]["spec"]
        outwards = policies[f"to-{service}-db"]["spec"]

        assert inwards["podSelector"] == outwards["egress"][0]["to"][0]["podSelector"]
        assert {"podSelector": outwards["podSelector"]} in inwards["ingress"][0]["from"]


def test_in_production_nothing_stands_alone() -> None:
    scaled = of("production", "HorizontalPodAutoscaler", "ScaledObject")
    least = {name: item["spec"].get("minReplicas") or item["spec"]["minReplicaCount"] for name, item in scaled.items()}
    fixed = {name: item["spec"].get("replicas", 1) for name, item in of("production", "Deployment").items()}

    assert all(max(least.get(name, 0), fixed[name]) >= 2 for name in PROCESSES)
    assert not any("replicas" in item["spec"] for name, item in of("production", "Deployment").items() if name in least)
    assert of("production", "RabbitmqCluster")["rabbitmq"]["spec"]["replicas"] == 3
    assert {item["spec"]["instances"] for item in of("production", "Cluster").values()} == {3}


def test_in_production_processes_of_a_kind_keep_apart_and_leave_one_by_one() -> None:
    budgets = of("production", "PodDisruptionBudget")
    for name, item in of("production", "Deployment").items():
        labels = pod(item)["metadata"]["labels"]
        (term,) = pod(item)["spec"]["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]

        assert matches(term["podAffinityTerm"]["labelSelector"], labels), name
        assert matches(budgets[name]["spec"]["selector"], labels), name
        assert budgets[name]["spec"]["maxUnavailable"] == 1, name


def test_workers_are_scaled_by_every_queue_that_they_read() -> None:
    from punctual.commands.work import import_actors
    from punctual.kit.broker import broker

    import_actors()
    scaled = of("production", "ScaledObject")
    watched = {name: {t["metadata"]["queueName"] for t in item["spec"]["triggers"]} for name, item in scaled.items()}

    assert watched == {"worker": broker.get_declared_queues() - {"mail"}, "mail-worker": {"mail"}}


def test_queues_are_quorum_queues() -> None:
    (settings,) = [item for name, item in of("production", "ConfigMap").items() if name.startswith("punctual-settings")]

    assert settings["data"]["PUNCTUAL_QUORUM_QUEUES"] == "on"


def test_every_process_is_measured_under_the_names_that_alerts_use() -> None:
    (monitor,) = of("production", "PodMonitor").values()
    (settings,) = [item for name, item in of("production", "ConfigMap").items() if name.startswith("punctual-settings")]
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    port = {"name": endpoint["port"], "containerPort": int(settings["data"]["PUNCTUAL_METRICS_PORT"])}
    selector = monitor["spec"]["selector"]
    chosen = {
        name: pod(item)["metadata"]["labels"]
        for name, item in of("production", "Deployment", "Job").items()
        if matches(selector, pod(item)["metadata"]["labels"])
    }

    assert set(chosen) == PROCESSES
    assert {labels[monitor["spec"]["jobLabel"]] for labels in chosen.values()} == {"punctual"}
    assert all(port in container(of("production", "Deployment")[name])["ports"] for name in chosen)


def test_alerts_are_those_of_prometheus() -> None:
    (rule,) = of("production", "PrometheusRule").values()

    assert rule["spec"] == yaml.safe_load((compose.ROOT / "deployment" / "prometheus" / "alerts.yml").read_text())


def test_the_dashboard_is_where_grafana_looks_for_it() -> None:
    dashboard = of("production", "ConfigMap")["punctual-dashboard"]

    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert set(dashboard["data"]) == {"punctual.json"}
