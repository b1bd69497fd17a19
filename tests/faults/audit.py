"""Counting afterwards: what stands in the databases against what was acknowledged."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from punctual.kit.canary import CANARY
from tests.faults.office import Office
from tests.support.cluster import Cluster
from tests.support.figures import section

TALLIES = section("accepted and applied under faults")
_MARKED = (
    ("task", "task", "SELECT description FROM task WHERE description LIKE %s"),
    ("comment", "task", "SELECT split_part(text, ' ', 1) FROM comment WHERE text LIKE %s"),
    ("project", "project", "SELECT description FROM project WHERE description LIKE %s"),
    ("title", "task", "SELECT changes->'title'->>1 FROM history WHERE changes->'title'->>1 LIKE %s"),
)
_KEYS = "SELECT id::text, key FROM project UNION ALL SELECT project_id::text, key FROM former_key"
_HAPPENED = (
    "SELECT history.name, task_id::text FROM history JOIN task ON task.id = task_id"
    " WHERE history.name IN ('task.completed', 'task.reopened') AND task.description LIKE %s"
)


@dataclass(slots=True)
class Tally:
    """Accepted by the API, applied in the databases, and the difference both ways."""

    what: str
    accepted: int = 0
    applied: int = 0
    lost: list[Any] = field(default_factory=list)
    doubled: list[Any] = field(default_factory=list)
    notes: str = ""

    def compare(self, expected: Counter[Any], found: Counter[Any]) -> None:
        """Add one kind of thing."""
        self.accepted += expected.total()
        self.applied += found.total()
        self.lost += (expected - found).elements()
        self.doubled += (found - expected).elements()

    @property
    def well(self) -> bool:
        """Nothing is lost or doubled."""
        return not self.lost and not self.doubled

    def __str__(self) -> str:
        counts = f"accepted {self.accepted}, applied {self.applied}, lost {len(self.lost)}, doubled {len(self.doubled)}"
        return f"{self.what}: {counts}" + (f" ({self.notes})" if self.notes else "")


def settle(tally: Tally) -> None:
    """Keep the tally to be printed at the end of the run, and fail unless nothing is lost or doubled."""
    TALLIES.append(str(tally))

    assert (tally.lost[:5], tally.doubled[:5]) == ([], []), str(tally)


def writes(cluster: Cluster, office: Office, what: str) -> Tally:
    """Every acknowledged write is there once, every rejected one isn't, every 202 has ended."""
    tally = Tally(what)
    tally.compare(office.book.rows, _rows(cluster, f"{office.book.prefix}%"))
    people = {str(person): name for person, name in office.book.names.items()}
    names = cluster.sql("user", "SELECT id::text, display_name FROM profile")
    tally.compare(Counter(people.items()), Counter(row for row in names if row[0] in people))
    roles = cluster.sql("project", "SELECT project_id::text, user_id::text, role FROM member")
    projects = {project for project, _ in office.book.roles}
    wanted = Counter((project, str(person), role) for (project, person), role in office.book.roles.items())
    tally.compare(wanted, Counter(row for row in roles if row[0] in projects))
    tally.compare(
        Counter(office.book.keys), Counter(row for row in cluster.sql("project", _KEYS) if row[0] in projects)
    )
    tally.lost += [write for write in office.writes if write.state in (None, "failed")]
    ends = Counter(str(write.state) for write in office.writes if write.operation)
    tally.notes = f"{len(office.writes)} requests, answered with 202 and then {dict(ends)}"
    return tally


def _rows(cluster: Cluster, pattern: str) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for kind, service, statement in _MARKED:
        found.update((kind, mark) for (mark,) in cluster.sql(service, statement, (pattern,)))
    found.update(cluster.sql("task", _HAPPENED, (pattern,)))
    return found


def notifications(cluster: Cluster, office: Office, what: str) -> Tally:
    """Everybody is told once of each thing that they must hear of, and of nothing else."""
    tally = Tally(what)
    people = [str(client.id) for client in office.clients]
    told = cluster.sql(
        "notification",
        "SELECT user_id::text, kind, coalesce(task_id, project_id)::text FROM notification"
        " WHERE user_id = ANY(%s::uuid[])",
        (people,),
    )
    tally.compare(office.book.notifications, Counter(told))
    return tally


def replicas(cluster: Cluster) -> list[str]:
    """Where a replica differs from its owner, in words."""
    profiles = _set(cluster, "user", "SELECT id::text, email, display_name, time_zone, active FROM profile")
    projects = _set(cluster, "project", "SELECT id::text, key, name, archived, deleted_at IS NOT NULL FROM project")
    former_keys = _set(cluster, "project", "SELECT key, project_id::text FROM former_key")
    members = _set(cluster, "project", "SELECT project_id::text, user_id::text, role FROM member")
    copies = {
        "task person": (profiles, "SELECT user_id::text, email, display_name, time_zone, active FROM person"),
        "notification person": (profiles, "SELECT user_id::text, email, display_name, time_zone, active FROM person"),
        "task project": (projects, "SELECT id::text, key, name, archived, deleted FROM project"),
        "notification project": (projects, "SELECT project_id::text, key, name, archived, deleted FROM project"),
        "task former_key": (former_keys, "SELECT key, project_id::text FROM former_key"),
        "task member": (members, "SELECT project_id::text, user_id::text, role FROM member WHERE role IS NOT NULL"),
        "notification member": (
            members, "SELECT project_id::text, user_id::text, role FROM member WHERE role IS NOT NULL",
        ),
        "auth account": (profiles, "SELECT id::text, email, display_name, time_zone, active FROM account"),
    }  # fmt: skip
    copies["project person"] = (
        {(row[0], row[1], row[2], row[4]) for row in profiles},
        "SELECT user_id::text, email, display_name, active FROM person",
    )
    return [
        f"{name}: {len(owned - copy)} missing or old, {len(copy - owned)} strange, such as {list(owned ^ copy)[:2]}"
        for name, (owned, statement) in copies.items()
        if owned != (copy := {row for row in _set(cluster, name.split()[0], statement) if str(CANARY) not in row})
    ]


def wait_until_settled(cluster: Cluster, within: float = 120.0) -> None:
    """Nothing is on its way any more, and nothing was given up. Raises AssertionError naming what is."""
    deadline = time.monotonic() + within
    while left := unsettled(cluster):
        assert time.monotonic() < deadline, f"After {within:g} s there is still {left}"
        time.sleep(0.2)


def unsettled(cluster: Cluster) -> dict[str, Any]:
    """What is still on its way, or was given up."""
    # The queues last, as asking for them takes longest; whatever is at work stands there until it is committed.
    left = {"outbox": cluster.unpublished(), "dead letters": cluster.dead_letters()}
    left |= {} if any(left.values()) else {"queues": cluster.waiting(), "outbox": cluster.unpublished()}
    return {name: what for name, what in left.items() if what}


def _set(cluster: Cluster, service: str, statement: str) -> set[Any]:
    return set(cluster.sql(service, statement))
