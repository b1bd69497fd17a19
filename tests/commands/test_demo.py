"""`punctual demo`: believable, the same for the same seed, and never doubled."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from punctual.commands import demo
from punctual.commands.demo import deadlines, performance
from punctual.commands.demo.api import Api
from punctual.commands.demo.content import DOMAIN, PEOPLE, PROJECTS
from punctual.commands.demo.deadlines import Deadline
from punctual.commands.demo.filling import Filling
from punctual.commands.demo.plan import Plan, TaskPlan, make
from punctual.commands.demo.transport import DemoError, Person, Transport
from punctual.domain.task.due import Due
from punctual.domain.task.mentions import Member, handles, mentioned
from punctual.kit import ids
from punctual.schemas import project as project_schemas, task as task_schemas
from punctual.schemas.auth import RegistrationIn
from tests.commands.fake_gateway import FakeGateway

BEGUN = datetime(2026, 11, 22, 10, 5, tzinfo=UTC)


class Instance:
    """A gateway that the demo can fill, again and again."""

    def __init__(self, gateway: FakeGateway, url: str) -> None:
        self.gateway = gateway
        self.url = url
        self.slept: list[float] = []

    async def fill(self, plan: Plan | None = None, password: str = "cargo bikes", domain: str = DOMAIN) -> Filling:
        """One run of the demo, which never really waits."""
        plan = plan or make(1)
        people = {draft.handle: Person(draft, draft.email(domain), password) for draft in plan.people}
        async with aiohttp.ClientSession() as session:
            api = Api(Transport(session, self.url, self._sleep), plan.seed)
            filling = Filling(api, plan, people, 8, lambda: None)
            await filling.run()
        return filling

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
async def instance() -> AsyncIterator[Instance]:
    gateway = FakeGateway()
    async with TestServer(gateway.application()) as server:
        yield Instance(gateway, str(server.make_url("")))


def all_tasks(plan: Plan) -> list[TaskPlan]:
    return [task for project in plan.projects for task in project.tasks]


def test_it_is_twelve_people_six_projects_and_four_hundred_tasks() -> None:
    plan = make(1)

    assert (len(plan.people), len(plan.projects), len(all_tasks(plan))) == (12, 6, 400)
    assert len({person.time_zone for person in plan.people}) == 12


def test_the_same_seed_makes_the_same_plan_and_another_one_another() -> None:
    assert make(7) == make(7)
    assert make(7) != make(8)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_it_sends_has_the_shapes_of_the_api(seed: int) -> None:
    plan = make(seed)
    for person in plan.people:
        fields = {"email": person.email(DOMAIN), "password": performance.KNOWN_PASSWORD}
        assert not RegistrationIn().validate({**fields, "display_name": person.name, "time_zone": person.time_zone})
    for project in plan.projects:
        fields = {"key": project.key, "name": project.name, "description": project.description}
        assert not project_schemas.ProjectIn().validate(fields)
    for task in all_tasks(plan):
        due = task.deadline.text(BEGUN, "Asia/Tokyo") if task.deadline else None
        fields = {"title": task.title, "description": task.description, "priority": task.priority}
        assert not task_schemas.TaskIn().validate({**fields, "due": due})
        assert due is None or str(Due.parse(due)) == due
        assert all(not task_schemas.CommentIn().validate({"text": comment.text}) for comment in task.comments)


@pytest.mark.parametrize("seed", range(5))
def test_everybody_does_only_what_their_role_allows(seed: int) -> None:
    may_work, may_speak = {"owner", "admin", "member"}, {"owner", "admin", "member", "commenter"}
    for project in make(seed).projects:
        roles = project.roles
        assert list(roles.values()).count("owner") == 1
        for task in project.tasks:
            assert {roles[handle] for handle in (task.creator, *task.assignees)} <= may_work
            assert {roles[comment.author] for comment in task.comments} <= may_speak
            assert set(task.watchers) <= roles.keys()


def test_no_title_comes_twice_in_a_project_and_nothing_is_left_unfilled() -> None:
    for draft in PROJECTS:
        titles = [item.title for item in draft.drafts()]
        assert len(set(titles)) == len(titles) >= draft.count
        assert all(turn for talk in draft.talk for turn in talk)
        assert not [item for item in draft.drafts() if "{" in item.title + item.description]


def test_every_mention_means_exactly_one_person() -> None:
    team = [Member(ids.uuid7(), person.email(DOMAIN), person.name) for person in PEOPLE]
    texts = [comment.text for task in all_tasks(make(1)) for comment in task.comments if "@" in comment.text]

    assert len(texts) > 20
    assert all(len(mentioned(text, team)) == len(handles(text)) > 0 for text in texts)


def test_deadlines_lie_around_now() -> None:
    dues = [task.deadline for task in all_tasks(make(1)) if task.deadline and task.category in {"todo", "in_progress"}]
    minutes = [deadline.minutes for deadline in dues if deadline.minutes is not None]

    assert any(deadline.days < 0 for deadline in dues)
    assert any(deadline.days > 14 for deadline in dues)
    assert any(0 < within < 60 for within in minutes)
    assert any(60 < within < 600 for within in minutes)
    assert any(within < 0 for within in minutes)


def test_the_person_to_sign_in_as_gets_a_reminder_within_the_hour() -> None:
    first = PEOPLE[0].handle

    assert any(
        task.deadline and 0 < (task.deadline.minutes or 0) < 60 and first in task.assignees
        for task in all_tasks(make(1))
    )


def test_a_deadline_is_a_day_or_an_instant_of_the_assignees_zone() -> None:
    from datetime import time

    assert Deadline(3).text(BEGUN, "Asia/Tokyo") == date(2026, 11, 25).isoformat()
    assert Deadline(3, time(9)).text(BEGUN, "Asia/Tokyo") == "2026-11-25T00:00:00Z"
    assert Deadline(minutes=-20).text(BEGUN, "Asia/Tokyo") == "2026-11-22T09:45:00Z"


def test_backlogs_are_rarely_promised_for_a_day() -> None:
    drawn = [deadlines.of_backlog(Random(seed)) for seed in range(200)]  # noqa: S311 - chance that repeats

    assert 20 < sum(deadline is not None for deadline in drawn) < 80


async def test_it_fills_an_empty_instance(instance: Instance) -> None:
    filling = await instance.fill()
    gateway = instance.gateway

    assert (len(gateway.accounts), len(gateway.projects), len(gateway.tasks)) == (12, 6, 400)
    assert gateway.accounts[f"ines@{DOMAIN}"]["role"] == "admin"
    assert sum(map(len, gateway.comments.values())) == filling.added["comments"] > 200
    assert sum(task["completed_at"] is not None for task in gateway.tasks.values()) > 60
    assert not filling.found


async def test_a_second_run_adds_nothing_and_says_what_is_there(instance: Instance) -> None:
    first = await instance.fill()
    counts = (len(instance.gateway.tasks), sum(map(len, instance.gateway.comments.values())))
    second = await instance.fill()

    assert not second.added
    assert second.found == first.added
    assert (len(instance.gateway.tasks), sum(map(len, instance.gateway.comments.values()))) == counts
    assert performance._report(second.added, second.found).startswith(
        "Tidewater Cargo Bikes is complete already: 12 people"
    )


async def test_a_second_run_after_the_keys_are_forgotten_adds_nothing_either(instance: Instance) -> None:
    await instance.fill()
    instance.gateway.outcomes.clear()
    second = await instance.fill()

    assert not second.added
    assert len(instance.gateway.tasks) == 400


@pytest.mark.parametrize("after", [5, 60, 400, 900])
async def test_an_interrupted_run_is_taken_up_where_it_broke_off(instance: Instance, after: int) -> None:
    instance.gateway.fails_after = after
    with pytest.raises((DemoError, ExceptionGroup)):
        await instance.fill()
    instance.gateway.fails_after = None
    await instance.fill()
    plan = make(1)

    assert len(instance.gateway.tasks) == 400
    assert sum(map(len, instance.gateway.comments.values())) == sum(len(task.comments) for task in all_tasks(plan))


async def test_two_runs_at_the_same_time_double_nothing(instance: Instance) -> None:
    await instance.fill(Plan(1, make(1).people, ()))
    await asyncio.gather(instance.fill(), instance.fill())

    assert len(instance.gateway.tasks) == 400
    assert len(instance.gateway.projects) == 6


async def test_it_waits_as_long_as_it_is_asked_to(instance: Instance) -> None:
    instance.gateway.limit_every = 10
    await instance.fill()

    assert len(instance.gateway.tasks) == 400
    assert instance.slept.count(7.0) == instance.gateway.requests["limited"] > 50


async def test_an_outcome_that_is_not_known_at_once_is_asked_for(instance: Instance) -> None:
    instance.gateway.pend_every = 7
    await instance.fill()

    assert len(instance.gateway.tasks) == 400
    assert not instance.gateway.operations


async def test_what_is_not_known_everywhere_yet_is_tried_again(instance: Instance) -> None:
    instance.gateway.unknown_for = 20
    await instance.fill()

    assert len(instance.gateway.tasks) == 400


async def test_beside_others_it_takes_free_keys_and_needs_no_administrator(instance: Instance) -> None:
    gateway = instance.gateway
    gateway.accounts["ada@example.org"] = {"id": "ada", "password": "x", "role": "admin"}
    gateway.projects["p"] = {"id": "p", "key": "OPS", "name": "Ada's operations"}
    gateway.members["p"] = {"ada": "owner"}
    await instance.fill()

    assert {"OPS2", "WEB"} <= {project["key"] for project in gateway.projects.values()}
    assert gateway.accounts[f"ines@{DOMAIN}"]["role"] == "user"


async def test_what_somebody_deleted_stays_deleted(instance: Instance) -> None:
    await instance.fill()
    gone = next(iter(instance.gateway.tasks))
    del instance.gateway.tasks[gone]
    await instance.fill()

    assert len(instance.gateway.tasks) == 399


async def test_a_deleted_project_is_made_anew(instance: Instance) -> None:
    await instance.fill()
    gone = next(key for key, project in instance.gateway.projects.items() if project["key"] == "FIN")
    del instance.gateway.projects[gone]
    again = await instance.fill()

    assert again.added["projects"] == 1
    assert again.added["tasks"] == 66


async def test_another_password_is_said_clearly(instance: Instance) -> None:
    await instance.fill()

    with pytest.raises(DemoError, match=r"ines@tidewater.example has an account with another password.*--password"):
        await instance.fill(password="not the right one")


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    demo.add_arguments(parser)
    return parser.parse_args(given)


async def test_the_command_ends_by_saying_how_to_sign_in(instance: Instance, capsys) -> None:
    status = await asyncio.to_thread(demo.run, arguments("--url", instance.url))
    shown = capsys.readouterr().out

    assert status == 0
    assert "added 12 people, 6 projects, 400 tasks and" in shown
    assert f'Sign in at {instance.url} as ines@{DOMAIN} with the password "{performance.KNOWN_PASSWORD}".' in shown


async def test_a_chosen_password_is_used_and_not_shown(instance: Instance, capsys, monkeypatch) -> None:
    monkeypatch.setenv("PUNCTUAL_DEMO_PASSWORD", "tides and timetables")
    status = await asyncio.to_thread(demo.run, arguments("--url", instance.url))
    shown = capsys.readouterr().out

    assert status == 0
    assert "tides" not in shown
    assert instance.gateway.accounts[f"mei@{DOMAIN}"]["password"] == "tides and timetables"


def test_the_known_password_is_for_this_machine_only(capsys) -> None:
    assert demo.run(arguments("--url", "https://tasks.example.org")) == 1
    assert "PUNCTUAL_DEMO_PASSWORD" in capsys.readouterr().err


def test_nobody_there_is_one_clear_line(capsys) -> None:
    assert demo.run(arguments("--url", "http://127.0.0.1:1")) == 1

    shown = capsys.readouterr().err
    assert shown.startswith("punctual: http://127.0.0.1:1 has no answer to GET /health/live")
    assert "make run" in shown


async def test_a_service_that_stays_away_is_named(instance: Instance) -> None:
    instance.gateway.away = True

    with pytest.raises(DemoError, match="answered 503: The auth service can't be reached right now"):
        await instance.fill()
    assert sum(instance.slept) > 30


async def test_a_fault_of_the_instance_is_one_clear_line(instance: Instance, capsys) -> None:
    instance.gateway.fails_after = 100
    status = await asyncio.to_thread(demo.run, arguments("--url", instance.url))
    shown: Any = capsys.readouterr().err

    assert status == 1
    assert "was answered 500: A fault. (request r1)" in shown
    assert "Traceback" not in shown
