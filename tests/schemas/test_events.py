"""The catalogue of events is true: owners publish what it lists, listeners listen, examples load."""

import importlib
import re
from pathlib import Path

import pytest

import punctual
from punctual.kit.settings import SERVICES
from punctual.schemas.events import CATALOGUE, EventType

PACKAGE = Path(punctual.__file__).parent


@pytest.fixture(scope="module", autouse=True)
def every_actor() -> None:
    for service in SERVICES:
        importlib.import_module(f"punctual.actors.{service}")


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=list(CATALOGUE))
def test_the_example_loads(event: EventType) -> None:
    loaded = event.payload().load(event.example)

    assert set(loaded) == set(event.payload().fields)


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=list(CATALOGUE))
def test_each_listener_has_its_actor_and_nobody_else_listens(event: EventType) -> None:
    from punctual.kit.broker import broker

    actors = {service for service in SERVICES if f"{service}.{event.name}" in broker.actors}

    assert actors == set(event.listeners)


def test_bindings_are_what_the_catalogue_says() -> None:
    from punctual.kit.listeners import BINDINGS

    expected = {
        f"{service}.events": {event.name for event in CATALOGUE.values() if service in event.listeners}
        for service in SERVICES
    }

    assert {queue: set(names) for queue, names in BINDINGS.items()} == {k: v for k, v in expected.items() if v}


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=list(CATALOGUE))
def test_its_owner_publishes_it(event: EventType) -> None:
    if event.owner not in SERVICES:
        return
    constant = event.name.upper().replace(".", "_")
    sources = "\n".join(path.read_text() for path in (PACKAGE / "actors" / event.owner).rglob("*.py"))
    domain = "\n".join(path.read_text() for path in (PACKAGE / "domain").rglob("*.py"))

    assert re.search(rf"\b{constant}\b", sources) or f'"{event.name}"' in domain


def test_names_are_owner_dot_past_tense() -> None:
    for name in CATALOGUE:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", name)
