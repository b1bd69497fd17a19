"""Several requests at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

from tests.flows.client import Answer, ApiClient, until

ROUNDS = 6
KEYS = (f"RACE{number}" for number in count())


def at_once(*requests: Callable[[], Answer]) -> list[Answer]:
    """The answers to requests that leave together."""
    together = Barrier(len(requests))

    def go(request: Callable[[], Answer]) -> Answer:
        together.wait()
        return request()

    with ThreadPoolExecutor(len(requests)) as several:
        return list(several.map(go, requests))


def statuses(answers: list[Answer]) -> list[int]:
    """The statuses in order."""
    return sorted(answer.status for answer in answers)


def project(owner: ApiClient, *others: ApiClient) -> str:
    """The key of a new project, known to the task service with all its owners."""
    key = next(KEYS)
    owner.post("/api/v1/projects", {"key": key, "name": "Race"})
    for other in others:
        owner.put(f"/api/v1/projects/{key}/members/{other.id}", {"role": "owner"})
    for each in (owner, *others):
        knows(each, key)
    return key


def projects(*owners: ApiClient) -> Iterator[str]:
    """A new project for each round."""
    return (project(*owners) for _ in range(ROUNDS))


def knows(client: ApiClient, key: str) -> None:
    """Wait until the task service knows somebody as a member."""
    until(lambda: client.request("GET", f"/api/v1/projects/{key}/statuses").status == 200)
