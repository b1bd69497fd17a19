"""Schemathesis against the API's own document, through the gateway, as a signed-in user: every answer fits it.

No fault of a server, no status, header or field that isn't documented, nothing refused that the document allows
and nothing taken that it forbids. By its name it comes last: it leaves the scene in pieces.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.flows.client import ApiClient
from tests.fuzz.figures import FIGURES
from tests.fuzz.scene import Scene
from tests.fuzz.schemathesis_runs import Runs


def test_every_answer_fits_the_document(scene: Scene, tmp_path: Path) -> None:
    answers, operations = several(Runs(scene, tmp_path), 3, "examples,fuzzing", processes=2)

    assert {answer.partition(" ")[0] for answer in answers} >= operations


@pytest.mark.chaos
@pytest.mark.parametrize("part", range(2))
def test_every_answer_to_a_member_fits_the_document_in_50_examples_an_operation(
    scene: Scene, tmp_path: Path, part: int
) -> None:
    member = ApiClient(scene.admin.url, "p0@example.org").sign_in()
    member.id = scene.people[0]
    answers, operations = several(
        Runs(scene, tmp_path, member), 50, "examples,fuzzing", slice(part, None, 2), processes=8
    )

    assert {answer.partition(" ")[0] for answer in answers} >= operations


@pytest.mark.chaos
@pytest.mark.parametrize("part", range(4))
def test_every_answer_fits_the_document_in_200_examples_an_operation(scene: Scene, tmp_path: Path, part: int) -> None:
    runs = Runs(scene, tmp_path)
    answers, operations = several(runs, 200, "examples,coverage,fuzzing", slice(part, None, 4), processes=12)

    granted = {answer.partition(" ")[0] for answer in answers if answer[-3:-2] == "2"}
    assert operations - granted <= NEVER_GRANTED


@pytest.mark.chaos
def test_every_answer_on_200_walks_fits_the_document(scene: Scene, tmp_path: Path) -> None:
    walks = Runs(scene, tmp_path)
    walks.start(200, "stateful")

    figures(walks.wait(), "on walks from answer to request")


# What takes a password, a secret that only an e-mail has, or a dead letter, which there is none of.
NEVER_GRANTED = {
    "put_auth_password_resets_token",
    "put_auth_email_verifications_token",
    "put_invitations_token",
    "get_unsubscriptions_token",
    "post_unsubscriptions_token",
    "post_auth_token",
    "put_auth_password",
    *(
        operation.format(service)
        for service in ("auth", "user", "project", "task", "notification")
        for operation in ("get_dead_letters_{}_id", "delete_dead_letters_{}_id", "post_dead_letters_{}_id_replays")
    ),
}


def several(
    runs: Runs, examples: int, phases: str, part: slice = slice(None), processes: int = 4
) -> tuple[Counter[str], set[str]]:
    """Deal all operations, or a part of them, out to processes; what was answered, and the operations."""
    operations = runs.operations()[part]
    for first in range(processes):
        runs.start(examples, phases, operations[first::processes])
    answers = runs.wait()
    figures(answers, f"to {len(operations)} operations")
    return answers, set(operations)


def figures(answers: Counter[str], where: str) -> None:
    """Tell how often each status came."""
    counts: Counter[str] = Counter()
    for answer, count in answers.items():
        counts[answer.rpartition(" ")[2]] += count
    FIGURES.append(f"{sum(counts.values())} requests {where}: {dict(sorted(counts.items()))}")
