"""Getting the servers' programs, with a machine that only pretends to install."""

from pathlib import Path

import pytest

from punctual.commands.local import install
from punctual.commands.local.errors import LocalError

LOG = Path("install.log")


class Machine:
    """Takes commands, remembers them and answers with a status for those that contain a word."""

    def __init__(self, **statuses):
        self.commands = []
        self._statuses = statuses

    def __call__(self, command):
        self.commands.append(" ".join(command))
        return next((status for word, status in self._statuses.items() if word in command), 0)


@pytest.fixture(autouse=True)
def policy(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "POLICY", tmp_path / "policy-rc.d")
    return tmp_path / "policy-rc.d"


def test_both_servers_are_installed_without_what_they_merely_recommend(capsys):
    machine = Machine()

    install.install(["postgresql", "rabbitmq-server"], [], machine, LOG)

    apt = "env DEBIAN_FRONTEND=noninteractive apt-get --quiet"
    assert [command for command in machine.commands if "apt-get" in command] == [
        f"{apt} update",
        f"{apt} install --yes --no-install-recommends postgresql rabbitmq-server",
    ]
    assert "Installing postgresql and rabbitmq-server with apt-get" in capsys.readouterr().out


def test_somebody_else_than_root_installs_with_sudo():
    machine = Machine()

    install.install(["postgresql"], ["sudo", "--non-interactive"], machine, LOG)

    assert all(command.startswith("sudo --non-interactive ") for command in machine.commands)


def test_an_index_that_cannot_be_renewed_is_no_reason_to_give_up():
    install.install(["postgresql"], [], Machine(update=100), LOG)


def test_a_failing_installation_says_what_to_do_by_hand():
    with pytest.raises(LocalError) as caught:
        install.install(["postgresql", "rabbitmq-server"], [], Machine(install=100), LOG)

    assert "ended with status 100" in str(caught.value)
    assert "sudo apt-get install --no-install-recommends postgresql rabbitmq-server" in str(caught.value)
    assert "docker compose up" in str(caught.value)


def test_without_any_way_to_install_nothing_is_tried_and_the_message_says_what_to_do():
    machine = Machine()

    with pytest.raises(LocalError, match="takes apt-get, and root or sudo"):
        install.install(["postgresql"], None, machine, LOG)

    assert machine.commands == []


def test_the_packages_own_services_stay_off_during_the_installation_only(policy):
    machine = Machine(install=100)

    with pytest.raises(LocalError):
        install.install(["postgresql"], [], machine, LOG)

    assert f"exit 101\\n' > {policy}" in machine.commands[0]
    assert machine.commands[-1] == f"rm -f {policy}"


def test_a_policy_of_the_administrator_is_left_alone(policy):
    policy.write_text("#!/bin/sh\nexit 101\n")
    machine = Machine()

    install.install(["postgresql"], [], machine, LOG)

    assert not [command for command in machine.commands if str(policy) in command]


def test_our_policy_left_by_a_crash_is_removed(policy):
    policy.write_text(f"#!/bin/sh\n# {install.POLICY_MARK}\nexit 101\n")
    machine = Machine()

    install.install(["postgresql"], [], machine, LOG)

    assert machine.commands[-1] == f"rm -f {policy}"
