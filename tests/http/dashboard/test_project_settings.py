"""A project's settings, and the list of projects."""

import re

import pytest

from tests.http.dashboard.projects import a_member, a_project, a_task, identity, statuses
from tests.support.accounts import an_email
from tests.support.services import eventually


async def test_the_list_of_projects_tells_role_and_counts(ada):
    key = await a_project(ada)
    await a_task(ada, key, "Late", due="2020-01-01")
    await a_task(ada, key, "Whenever")

    async def counted() -> bool:
        text = (await ada.get("/projects")).text
        return "2 open" in text and "1 overdue" in text and "owner" in text

    await eventually(counted)


async def test_name_and_description_are_saved(ada):
    key = await a_project(ada)
    page = f"/projects/{key}/settings"

    saved = await ada.fill(page, name="Opera", description="Ours", version=(await ada.get(page)).hidden("version"))
    seen = await ada.get(page)

    assert (saved.status, saved.location) == (303, page)
    assert 'value="Opera"' in seen.html
    assert "Ours</textarea>" in seen.html


async def test_the_second_to_save_sees_what_the_first_did_and_may_take_either(ada):
    key = await a_project(ada)
    page = f"/projects/{key}/settings"
    version = (await ada.get(page)).hidden("version")
    await ada.fill(page, name="Theirs", description="", version=version)

    late = await ada.fill(page, name="Mine", description="", version=version)
    again = await ada.fill(page, name="Mine", description="", version=late.hidden("version"))

    assert late.status == 412
    assert "Theirs" in late.text
    assert 'value="Mine"' in late.html
    assert again.status == 303
    assert "Mine" in (await ada.get(page)).text


async def test_an_archived_project_is_read_only_until_it_is_taken_back(ada):
    key = await a_project(ada)
    page = f"/projects/{key}/settings"

    async def board(*, archived: bool):
        # The board is the task service's, which hears of it by an event.
        seen = await ada.get(f"/projects/{key}")
        return seen if ("This project is archived" in seen.text) is archived else None

    await ada.fill(page, f"{page}/archive")
    read_only = await eventually(lambda: board(archived=True))
    taken_back = await ada.fill(page, f"{page}/archive", undo="1")

    assert "New task" not in read_only.text
    assert taken_back.status == 303
    assert await eventually(lambda: board(archived=False))


async def test_a_project_is_deleted_only_by_typing_its_key(ada):
    key = await a_project(ada)
    page = f"/projects/{key}/settings"

    wrong = await ada.fill(page, f"{page}/deletion", confirmation="yes")
    right = await ada.fill(page, f"{page}/deletion", confirmation=key.lower())

    assert wrong.status == 422
    assert "Nothing was deleted" in wrong.text
    assert (right.status, right.location) == (303, "/projects")
    assert (await ada.get(page)).status == 404


async def test_statuses_are_added_renamed_moved_made_default_and_deleted(ada):
    key = await a_project(ada)
    page = f"/projects/{key}/settings/statuses"
    await ada.fill(page, name="Review", category="in_progress")
    review = (await statuses(ada, key))["Review"]
    row = {"name": "Checking", "category": "todo", "position": "5", "version": "1"}

    for do, fields in (("save", row), ("up", row), ("default", row)):
        seen = await ada.fill(page, f"{page}/{review}", do=do, **fields)
        assert (seen.status, seen.location) == (303, page), seen.text
    after = await statuses(ada, key)
    other = after["To do"]
    deleted = await ada.fill(page, f"{page}/{other}", do="delete", name="To do")

    assert list(after) == ["Backlog", "To do", "In progress", "Done", "Checking", "Cancelled"]
    assert deleted.status == 303
    assert "To do" not in await statuses(ada, key)


@pytest.mark.parametrize("do", ["delete", "save"])
async def test_a_refusal_of_a_status_stands_at_its_row(ada, do):
    key = await a_project(ada)
    page = f"/projects/{key}/settings/statuses"
    default = (await statuses(ada, key))["To do"]

    seen = await ada.fill(page, f"{page}/{default}", do=do, name="Done", category="todo", version="1")

    assert seen.status == 409
    row = seen.html.split('<li class="state">')[2]
    assert 'class="fault"' in row
    assert 'value="Done"' in row


async def test_a_member_gets_another_role_is_removed_and_taken_back(site, ada):
    key = await a_project(ada)
    _, user_id = await a_member(site, ada, key, "member", display_name="Bob")
    page = f"/projects/{key}/settings/people"
    row = {"called": "Bob", "former": "admin"}

    await ada.fill(page, f"{page}/{user_id}", role="admin", **row)
    promoted = await ada.get(page)
    await ada.fill(page, f"{page}/{user_id}", role="admin", remove="1", **row)
    gone = await ada.get(page)
    undo = re.search(rf'action="({page}/{user_id}\?[^"]+)"', gone.html)[1].replace("&amp;", "&")
    await ada.post(undo, csrf=gone.hidden("csrf"), once=gone.hidden("once"), undo="1", next=page)

    assert "Bob is admin now." in promoted.text
    assert "Bob isn't a member any more." in gone.text
    assert "Bob is admin now." in (await ada.get(page)).text


async def test_the_last_owner_stays(site, ada):
    key = await a_project(ada)
    me, _ = await identity(site, ada)
    page = f"/projects/{key}/settings/people"

    seen = await ada.fill(page, f"{page}/{me}", remove="1", called="Ada")

    assert seen.location == page
    assert "keeps at least one owner" in (await ada.get(page)).text


async def test_a_member_sees_the_settings_without_forms_and_can_leave(site, ada):
    key = await a_project(ada)
    bob, user_id = await a_member(site, ada, key, "member", display_name="Bob")
    page = f"/projects/{key}/settings"

    for part in ("", "/statuses"):
        seen = await bob.get(page + part)
        assert "owners and admins may change this" in seen.text
        assert f'action="{page}' not in seen.html
    left = await bob.fill(f"{page}/people", f"{page}/people/{user_id}", remove="1")

    assert (left.status, left.location) == (303, "/projects")
    assert (await bob.get(page)).status == 404


async def test_somebody_is_invited_and_the_invitation_withdrawn(ada):
    key = await a_project(ada)
    page, email = f"/projects/{key}/settings/people", an_email()

    invited = await ada.fill(page, f"/projects/{key}/settings/invitations", email=email, role="viewer")
    seen = await ada.get(page)
    withdrawal = re.search(r'action="([^"]+/withdrawal)"', seen.html)[1]
    await ada.fill(page, withdrawal)
    wrong = await ada.fill(page, f"/projects/{key}/settings/invitations", email="nobody", role="viewer")

    assert invited.status == 303
    assert f"{email} viewer, invited" in seen.text
    assert email not in (await ada.get(page)).text.replace("is on its way", "")
    assert wrong.status == 422
    assert 'id="email-error"' in wrong.html
    assert 'value="nobody"' in wrong.html
