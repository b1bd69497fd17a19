"""Schemathesis against the API's own document, through the gateway, as a signed-in user: every answer fits it.

No fault of a server, no status, header or field that isn't documented, nothing refused that the document allows
and nothing taken that it forbids.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz.figures import FIGURES
from tests.fuzz.scene import Scene
from tests.fuzz.schemathesis_runs import Runs


def test_every_answer_fits_the_document(scene: Scene, tmp_path: Path) -> None:
    runs = Runs(scene, tmp_path)
    operations = runs.operations()
    for share in shares(operations, 4):
        runs.start(10, "examples,fuzzing", share)
    answers = runs.wait()

    FIGURES.append(f"{sum(answers.values())} requests to {len(operations)} operations: {by_status(answers)}")
    assert {answer.partition(" ")[0] for answer in answers} >= set(operations)


@pytest.mark.chaos
def test_every_answer_fits_the_document_in_200_examples_an_operation(scene: Scene, tmp_path: Path) -> None:
    runs = Runs(scene, tmp_path)
    operations = runs.operations()
    for share in shares(operations, 6):
        runs.start(200, "examples,coverage,fuzzing", share)
    answers = runs.wait()
    walks = Runs(scene, tmp_path)
    walks.start(200, "stateful")
    answers += walks.wait()

    FIGURES.append(f"{sum(answers.values())} requests to {len(operations)} operations: {by_status(answers)}")
    never = set(operations) - {answer.partition(" ")[0] for answer in answers if answer[-3:-2] == "2"}
    assert never <= NEVER_GRANTED


# What takes a secret that only an e-mail has, or a dead letter, which there is none of.
NEVER_GRANTED = {
    "put_auth_password_resets_token",
    "put_auth_email_verifications_token",
    "put_invitations_token",
    "post_auth_token",
    "put_auth_password",
    *(
        f"{operation.format(service)}"
        for service in ("auth", "user", "project", "task", "notification")
        for operation in ("get_dead_letters_{}_id", "delete_dead_letters_{}_id", "post_dead_letters_{}_id_replays")
    ),
}


def shares(operations: list[str], number: int) -> list[list[str]]:
    """The operations dealt out, so that none of the shares has all the slow ones."""
    return [operations[first::number] for first in range(number)]


def by_status(answers: Counter[str]) -> dict[str, int]:
    """How often each status."""
    counts: Counter[str] = Counter()
    for answer, count in answers.items():
        counts[answer.rpartition(" ")[2]] += count
    return dict(sorted(counts.items()))
