"""After a story with every kind of secret and mishap, none is left where somebody could read it."""

import asyncio

import pytest

from tests.flows.stack import Stack
from tests.security import hiding_places as places
from tests.security.api import Person
from tests.security.conftest import SECRETS
from tests.security.hiding_places import Place
from tests.security.story import HASH, Story, tell

# Where a secret must be, and why.
ALLOWED = {
    "notification_db dead_letter.body": "a mail that could not be written keeps its token, to be sent after all; "
    "it is never shown, and gone with the letter",
    "auth_db dead_letter.body": "a registration that could not be done keeps the password's hash, to be done after all",
    "task_db dead_letter.body": "what can't be read is kept as it came, to find out where from",
    "auth_db account.password_hash": "what passwords are compared with",
    "auth_db signing_key.seed": "what tokens are signed with",
    "auth_db signing_key.refresh_secret": "what refresh tokens are derived from",
}


@pytest.fixture(scope="module")
def story(stack: Stack, root: Person) -> Story:
    """The whole of it."""
    return asyncio.run(tell(stack, root))


def test_no_log_holds_a_secret_even_at_debug_level(story: Story, stack: Stack) -> None:
    assert places.finds({*story.secrets, HASH}, places.logs(stack)) == {}


def test_databases_hold_secrets_only_where_they_must(story: Story, stack: Stack) -> None:
    found = places.finds({*story.secrets, HASH}, places.databases(stack))

    assert {name: secrets for name, secrets in found.items() if name not in ALLOWED} == {}
    assert found.keys() == ALLOWED.keys()


def test_mails_with_secrets_were_sent_and_forgotten(story: Story, stack: Stack) -> None:
    waiting = stack.sql("notification", "SELECT id, state FROM secret_mail WHERE context IS NOT NULL")

    assert waiting == []


async def test_no_queue_holds_a_secret(story: Story, stack: Stack) -> None:
    assert places.finds({*story.secrets, HASH}, await places.queues(stack)) == {}


def test_no_event_told_a_secret(story: Story) -> None:
    assert {place.name for place in story.events} >= {"event user.created", "event project.invited"}
    assert places.finds({*story.secrets, HASH}, story.events) == {}


def test_no_problem_repeated_a_secret(story: Story) -> None:
    assert len(story.problems) > 40
    assert places.finds({*story.secrets, HASH}, story.problems) == {}


def test_nothing_that_any_test_here_has_used_stands_in_a_log(story: Story, stack: Stack) -> None:
    long = {secret for secret in SECRETS if len(secret) >= 20 and len(set(secret)) > 5}

    assert places.finds(long, places.logs(stack)) == {}


def test_what_is_searched_for_would_be_found() -> None:
    secret = "Some-secret value/1"
    writings = ["x Some-secret value/1 y", r"\x536f6d652d7365637265742076616c75652f31", "a=Some-secret%20value%2F1",
                "a=Some-secret+value%2F1", "eyJhIjoiU29tZS1zZWNyZXQgdmFsdWUvMSJ9"]  # fmt: skip

    found = places.finds([secret], [Place(writing, writing) for writing in writings])

    assert found.keys() == set(writings)
