"""Projects: who may do what, and that a project keeps an owner."""

from datetime import UTC, datetime
from typing import Any

import pytest

from punctual.domain import project as domain
from punctual.kit.errors import DomainError, Forbidden, NotFound
from punctual.kit.ids import uuid7

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ADA, BOB, EVE = uuid7(), uuid7(), uuid7()


@pytest.fixture
def ops() -> domain.Project:
    return domain.create(uuid7(), "OPS", "Operations", "", ADA, NOW)


def test_its_creator_is_its_owner(ops: domain.Project) -> None:
    assert ops.roles == {ADA: "owner"}


def test_an_outsider_may_not_even_know_of_it(ops: domain.Project) -> None:
    with pytest.raises(NotFound):
        ops.demand(EVE, "viewer")


@pytest.mark.parametrize(("role", "allowed"), [("viewer", False), ("member", False), ("admin", True), ("owner", True)])
def test_members_are_managed_from_admin_upwards(ops: domain.Project, role: str, allowed: Any) -> None:
    ops.join(BOB, role)

    try:
        ops.set_role(BOB, EVE, "viewer")
    except Forbidden:
        assert not allowed
    else:
        assert allowed


def test_only_owners_make_owners(ops: domain.Project) -> None:
    ops.set_role(ADA, BOB, "admin")

    with pytest.raises(Forbidden):
        ops.set_role(BOB, EVE, "owner")
    with pytest.raises(Forbidden):
        ops.set_role(BOB, ADA, "member")


def test_the_last_owner_neither_leaves_nor_steps_down(ops: domain.Project) -> None:
    with pytest.raises(domain.LastOwner):
        ops.remove(ADA, ADA)
    with pytest.raises(domain.LastOwner):
        ops.set_role(ADA, ADA, "member")

    ops.set_role(ADA, BOB, "owner")
    ops.remove(ADA, ADA)
    assert ops.roles == {BOB: "owner"}


def test_every_change_of_membership_counts_up(ops: domain.Project) -> None:
    before = ops.members_version

    ops.set_role(ADA, BOB, "member")
    unchanged = ops.set_role(ADA, BOB, "member")
    ops.remove(ADA, BOB)

    assert not unchanged
    assert ops.members_version == before + 2


def test_an_invitation_never_takes_a_higher_role_away(ops: domain.Project) -> None:
    assert not ops.join(ADA, "viewer")
    assert ops.join(BOB, "member")

    assert ops.roles == {ADA: "owner", BOB: "member"}


def test_an_archived_project_is_read_only(ops: domain.Project) -> None:
    assert ops.archive(NOW, archived=True)
    assert not ops.archive(NOW, archived=True)

    with pytest.raises(domain.ProjectArchived):
        ops.change(NOW, name="Other")


def test_a_former_key_stays_until_it_is_taken_back(ops: domain.Project) -> None:
    same = ops.change(NOW, key="OPS")
    changed = [ops.change(NOW, key=key) for key in ("WORKS", "PLANT", "OPS")]

    assert (same, changed) == (False, [True] * 3)
    assert (ops.key, ops.former_keys, ops.version) == ("OPS", ["WORKS", "PLANT"], 4)


def test_a_project_has_so_many_former_keys_and_no_more(ops: domain.Project) -> None:
    for number in range(domain.MOST_FORMER_KEYS):
        ops.change(NOW, key=f"KEY{number}")

    with pytest.raises(domain.TooManyFormerKeys, match="OPS, KEY0"):
        ops.change(NOW, key="MORE", name="Other")
    assert ops.name == "Operations"
    assert ops.change(NOW, key="OPS")
    assert len(ops.former_keys) == domain.MOST_FORMER_KEYS


def test_an_invitation_is_used_once_and_in_time() -> None:
    invitation = domain.Invitation(
        uuid7(), uuid7(), "c@example.org", "member", "hash", ADA, NOW, NOW + domain.INVITATION_LIFE
    )

    with pytest.raises(DomainError):
        invitation.accept(NOW + domain.INVITATION_LIFE, BOB)
    invitation.accept(NOW, BOB)
    with pytest.raises(domain.InvitationExpired):
        invitation.accept(NOW, BOB)
