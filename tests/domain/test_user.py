"""Profiles and administrators: the rules, without I/O."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from punctual.domain import user as domain
from punctual.domain.user import LastAdmin, Profile
from punctual.kit import ids
from punctual.kit.errors import Forbidden

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OTHER = UUID("01932c5e-7b00-7000-8000-000000000001")


def a_profile(*, role: str = "user", active: bool = True) -> Profile:
    return Profile(ids.uuid7(), "ada@example.org", "Ada", "UTC", "en", role, active, NOW)


def test_a_change_counts_and_no_change_does_not() -> None:
    ada = a_profile()

    assert ada.change(display_name="Countess", time_zone="UTC")
    assert not ada.change(display_name="Countess")
    assert (ada.display_name, ada.version) == ("Countess", 2)


def test_the_last_administrator_can_neither_be_demoted_nor_deactivated() -> None:
    ada = a_profile(role="admin")

    with pytest.raises(LastAdmin):
        ada.set_role("user", [ada.id])
    with pytest.raises(LastAdmin):
        ada.set_active([ada.id], active=False)
    assert (ada.role, ada.active, ada.version) == ("admin", True, 1)


def test_one_of_two_administrators_can_go() -> None:
    ada = a_profile(role="admin")

    assert ada.set_role("user", [ada.id, OTHER])
    assert ada.set_active([OTHER], active=False)
    assert (ada.role, ada.active, ada.version) == ("user", False, 3)


def test_the_last_administrator_may_be_told_to_stay_one() -> None:
    ada = a_profile(role="admin")

    assert not ada.set_role("admin", [ada.id])
    assert not ada.set_active([ada.id], active=True)


def test_only_active_administrators_decide() -> None:
    domain.demand_admin(OTHER, [OTHER])

    with pytest.raises(Forbidden):
        domain.demand_admin(ids.uuid7(), [OTHER])
    with pytest.raises(Forbidden):
        domain.demand_admin(None, [OTHER])
