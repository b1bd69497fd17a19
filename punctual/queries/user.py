"""People, as the person who asks may see them: the whole profile only of oneself, or for administrators."""

from uuid import UUID

from punctual.kit.pagination import Page, Sort
from punctual.kit.pool import Row, pool

BY_NAME = Sort("name", (("lower(profile.display_name)", "text"), ("profile.id", "uuid")))

_SHARED = """json_build_object('id', profile.id, 'display_name', profile.display_name,
    'time_zone', profile.time_zone, 'active', profile.active, 'version', profile.version)"""
_WHOLE = """json_build_object('id', profile.id, 'email', profile.email, 'display_name', profile.display_name,
    'time_zone', profile.time_zone, 'locale', profile.locale, 'role', profile.role, 'active', profile.active,
    'created_at', rfc3339(profile.created_at), 'version', profile.version)"""
# The viewer's role is read, not taken from the token, which may be older than the latest decision.
_VIEWER = "LEFT JOIN profile viewer ON viewer.id = %s"
_PERSON = f"CASE WHEN profile.id = viewer.id OR viewer.role = 'admin' THEN {_WHOLE} ELSE {_SHARED} END::text"


async def person(user_id: UUID, viewer: UUID) -> Row | None:
    """One person: `body` and `version`."""
    return await pool("user").one(
        f"SELECT {_PERSON} AS body, profile.version FROM profile {_VIEWER} WHERE profile.id = %s", (viewer, user_id)
    )


async def people(viewer: UUID, page: Page, *, q: str | None, active: bool, role: str | None) -> list[Row]:
    """People by the beginning of a word of their name, or by their e-mail address.

    Only administrators may know the beginning alone: letter by letter it would give away every address.
    """
    after, values = page.where()
    wanted = q.lower() if q else None
    return await pool("user").all(
        f"SELECT {_PERSON} AS body, {page.sort.key()} AS key FROM profile {_VIEWER} WHERE profile.active = %s"
        " AND (%s::text IS NULL OR profile.role = %s AND viewer.role = 'admin')"
        " AND (%s::text IS NULL OR strpos(' ' || lower(profile.display_name), ' ' || %s) > 0"
        " OR profile.email = %s OR viewer.role = 'admin' AND starts_with(profile.email, %s))"
        f" AND {after} ORDER BY {page.sort.order()} LIMIT {page.fetch}",
        (viewer, active, role, role, wanted, wanted, wanted, wanted, *values),
    )
