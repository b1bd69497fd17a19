"""How several processes share the tests (make test has three): what belongs together, and what begins."""

import os

import pytest

# Each of these folders has one system for all of its tests. What takes longest begins, so that nobody waits for it in
# the end.
WHOLE = ("browser", "faults", "fuzz", "flows", "security")
FIRST = (*WHOLE, "commands")


def pytest_configure(config: pytest.Config) -> None:
    """Servers that the environment names can't be shared: tests look at, and change, everything in them."""
    if getattr(config.option, "numprocesses", None) and "PUNCTUAL_AMQP_URL" in os.environ:
        raise pytest.UsageError(
            "The environment names the servers (PUNCTUAL_AMQP_URL), and only one process can test with them: -n 0"
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Deal out shares instead of tests."""
    from xdist.scheduler import LoadScopeScheduling

    class Shares(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return share(nodeid)

    # In the order of the collection, not by their numbers of tests.
    config.option.loadscopereorder = False
    return Shares(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order in which shares are dealt out."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: FIRST.index(room(item.nodeid)) if room(item.nodeid) in FIRST else len(FIRST))


def share(nodeid: str) -> str:
    """What is never divided: a module, or a folder with a system of its own."""
    return room(nodeid) if room(nodeid) in WHOLE else nodeid.partition("::")[0]


def room(nodeid: str) -> str:
    """The folder right under tests."""
    return nodeid.split("/")[1]
