"""Paging while rows come and go: none is shown twice, and none is passed over that stood all the time."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import HealthCheck, example, given, settings, strategies as st

from punctual import queries
from punctual.kit.pagination import Sort, listing, page
from tests.fuzz.paging import LISTS, Listed, every_order

SERVICES = ("auth", "user", "project", "task", "notification")
choices = st.integers(0, 7)
# Between two pages: rows that come, by their sort keys, and rows that go, by their places.
meanwhile = st.lists(st.tuples(st.lists(choices, max_size=2), st.lists(st.integers(0, 50), max_size=2)), max_size=5)


@pytest.fixture(scope="module")
def loop(environment: dict[str, str]) -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner

        async def close() -> None:
            for service in SERVICES:
                await queries.close(service)

        runner.run(close())


class Paging:
    """One reader of one list, and somebody who changes it."""

    def __init__(self, listed: Listed, sort: Sort, limit: int) -> None:
        self.listed, self.sort, self.limit = listed, sort, limit
        self.mine = uuid4()
        self.standing: list[UUID] = []
        self.shown: list[str] = []
        self.keys: list[Any] = []
        if listed.open:
            listed.open(self.mine)

    def come(self, choice: int) -> UUID:
        row_id = uuid4()
        self.listed.insert(self.mine, row_id, choice)
        self.standing.append(row_id)
        return row_id

    def go(self, place: int) -> None:
        if self.standing:
            row_id = self.standing.pop(place % len(self.standing))
            self.listed.delete(self.mine, row_id)

    async def read(self, cursor: str | None) -> str | None:
        given = {"sort": self.sort.name, "limit": self.limit, **({"cursor": cursor} if cursor else {})}
        wanted = page(given, self.listed.sorts)
        rows = await self.listed.read(self.mine, wanted)
        body = json.loads(listing(make_mocked_request("GET", "/list"), wanted, rows).body)
        self.keys += [row["key"] for row in rows[: self.limit]]
        self.shown += [item[self.listed.key] for item in body["items"]]
        return body["next_cursor"]


def walk(
    loop: asyncio.Runner, listed: Listed, sort: Sort, limit: int, first: list[int], changes: list[tuple[Any, Any]]
) -> None:
    paging = Paging(listed, sort, limit)
    from_the_start = {paging.come(choice) for choice in first}
    cursor = loop.run(paging.read(None))
    while cursor:
        if changes:
            coming, going = changes.pop()
            for choice in coming:
                paging.come(choice)
            for place in going:
                paging.go(place)
        cursor = loop.run(paging.read(cursor))
        assert len(paging.shown) == len(set(paging.shown)), "a row was shown twice"
    stood = {str(row_id) for row_id in from_the_start & set(paging.standing)}
    for row_id in list(paging.standing):
        listed.delete(paging.mine, row_id)

    assert stood <= set(paging.shown), "a row was passed over"


@pytest.mark.parametrize(
    ("listed", "sort"), every_order(), ids=[f"{listed.name} by {sort.name}" for listed, sort in every_order()]
)
def test_no_row_comes_twice_and_none_that_stood_is_passed_over(
    loop: asyncio.Runner, listed: Listed, sort: Sort
) -> None:
    @settings(
        max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(st.integers(1, 4), st.lists(choices, min_size=1, max_size=9), meanwhile)
    # Equal but for the id, over the ends of pages, and some of it comes or goes there.
    @example(1, [0, 0, 0, 1, 1, 1, 2, 2], [])
    @example(2, [3, 3, 3, 3, 3], [([3, 3], [1])])
    def check(limit: int, first: list[int], changes: list[tuple[Any, Any]]) -> None:
        walk(loop, listed, sort, limit, first, list(changes))

    check()


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("listed", "sort"), every_order(), ids=[f"{listed.name} by {sort.name}" for listed, sort in every_order()]
)
def test_so_it_is_in_300_walks(loop: asyncio.Runner, listed: Listed, sort: Sort) -> None:
    @settings(max_examples=300, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(1, 5), st.lists(choices, min_size=1, max_size=25), meanwhile)
    def check(limit: int, first: list[int], changes: list[tuple[Any, Any]]) -> None:
        walk(loop, listed, sort, limit, first, list(changes))

    check()


def test_every_list_of_the_route_tables_is_walked() -> None:
    import importlib

    routed = {
        (sort.columns, sort.name)
        for service in SERVICES
        for route in importlib.import_module(f"punctual.http.{service}").ROUTES
        for sort in route.sorts
    }

    assert routed == {(sort.columns, sort.name) for listed in LISTS for sort in listed.sorts}
