"""Settings come from the environment once, typed; an error names the variable and the remedy."""

from pathlib import Path

import pytest

from punctual.kit.settings import SettingsError, load


def test_without_any_variable_the_local_defaults_hold() -> None:
    settings = load({})

    assert settings.port == 8080
    assert settings.service_urls["task"] == "http://127.0.0.1:8104"
    assert settings.smtp_url is None
    assert (settings.metrics_port, settings.traces_url) == (None, None)


def test_reader_and_owner_default_to_the_plain_url() -> None:
    database = load({"PUNCTUAL_DATABASE_URL_TASK": "postgresql://w@h/t"}).databases["task"]

    assert database.reader == database.owner == database.writer == "postgresql://w@h/t"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUNCTUAL_PORT", "http"),
        ("PUNCTUAL_PORT", "70000"),
        ("PUNCTUAL_RATE_LIMIT", "maybe"),
        ("PUNCTUAL_AMQP_URL", "http://localhost"),
        ("PUNCTUAL_DATABASE_URL_TASK", "mysql://h/t"),
        ("PUNCTUAL_LOG_LEVEL", "loud"),
        ("PUNCTUAL_METRICS_PORT", "all"),
        ("PUNCTUAL_TRACES", "collector:4318"),
    ],
)
def test_a_wrong_value_is_named_with_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({name: value})


def test_an_error_never_shows_a_password() -> None:
    with pytest.raises(SettingsError) as error:
        load({"PUNCTUAL_AMQP_URL": "http://user:hunter2@localhost"})

    assert "hunter2" not in str(error.value)


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        load({}).port = 1  # type: ignore[misc]


def test_nodes_of_rabbitmq_and_processes_of_a_service_are_lists() -> None:
    several = load({"PUNCTUAL_AMQP_URL": "amqp://a, amqp://b/", "PUNCTUAL_URL_TASK": "http://a:1/,http://b:2"})

    assert several.amqp_urls == ("amqp://a", "amqp://b")
    assert several.replicas["task"] == ("http://a:1", "http://b:2")
    assert several.service_urls["task"] == "http://a:1"
    assert several.replicas["auth"] == ("http://127.0.0.1:8101",)


def test_each_of_a_list_is_checked() -> None:
    with pytest.raises(SettingsError, match="PUNCTUAL_AMQP_URL"):
        load({"PUNCTUAL_AMQP_URL": "amqp://a,http://b"})


def test_a_setting_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "amqp_url"
    file.write_text("amqp://u:p@there\n")

    assert load({"PUNCTUAL_AMQP_URL_FILE": str(file)}).amqp_url == "amqp://u:p@there"


@pytest.mark.parametrize("content", [None, "", " \n", b"\xff\xfe"])
def test_a_secret_that_is_missing_stops_the_start_with_its_variable_and_path(
    content: str | bytes | None, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(SettingsError, match=f"PUNCTUAL_AMQP_URL_FILE names {file}.*PUNCTUAL_AMQP_URL itself"):
        load({"PUNCTUAL_AMQP_URL_FILE": str(file)})


def test_a_setting_is_given_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PUNCTUAL_AMQP_URL_FILE are both set"):
        load({"PUNCTUAL_AMQP_URL": "amqp://there", "PUNCTUAL_AMQP_URL_FILE": str(tmp_path)})


def test_the_heartbeat_s_file_is_a_setting_itself() -> None:
    assert load({"PUNCTUAL_HEARTBEAT_FILE": "/tmp/none"}).heartbeat_file == Path("/tmp/none")  # noqa: S108 - not made
