"""The outbox always gets out: behind the reply, or by the sweep."""

from uuid import UUID

from punctual.kit import relay, transactions
from punctual.schemas import events
from tests.support.services import Services, eventually
from tests.support.team import applied, execute, membership, rows, team


def left(event_id: UUID) -> bool:
    return bool(rows("project", "SELECT 1 FROM outbox WHERE id = %s", (event_id,)))


def stored(payload: dict[str, object], version: int) -> UUID:
    """An event as a worker leaves it that died between its commit and its publication."""
    with transactions.begin("project") as transaction:
        return transaction.publish(events.PROJECT_MEMBER_ROLE_CHANGED, version, payload)


async def test_the_sweep_publishes_what_a_dead_worker_left(services: Services) -> None:
    ops = await team(services)
    event_id = stored(membership(ops.project_id, ops.key, ops.viewer, "admin"), 20)
    execute("project", "UPDATE outbox SET created_at = created_at - interval '1 minute' WHERE id = %s", (event_id,))

    with transactions.begin("project") as transaction:
        relay.sweep(transaction)

    await applied("task", [event_id])
    assert not left(event_id)


async def test_the_sweep_leaves_fresh_rows_to_the_relay(services: Services) -> None:
    ops = await team(services)
    event_id = stored(membership(ops.project_id, ops.key, ops.viewer, "admin"), 20)

    with transactions.begin("project") as transaction:
        relay.sweep(transaction)

    assert left(event_id)
    execute("project", "DELETE FROM outbox WHERE id = %s", (event_id,))


async def test_a_command_leaves_nothing_in_the_outbox(services: Services) -> None:
    ada = services.person()

    answer = await ada.request(
        "project", "POST", "/api/v1/projects", {"key": "O" + ada.id.hex[-8:].upper(), "name": "x"}
    )

    async def empty() -> bool:
        return not rows("project", "SELECT 1 FROM outbox WHERE created_at > now() - interval '1 minute'")

    assert answer.status == 201
    assert await eventually(empty)
