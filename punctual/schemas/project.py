"""Shapes of projects, members and invitations."""

from marshmallow import fields, validate

from punctual.schemas.fields import (
    NAME_MAX,
    PROJECT_KEY,
    PROJECT_ROLES,
    Email,
    Instant,
    Line,
    PageQuery,
    QueryFlag,
    Shape,
    Text,
)

_KEY = validate.Regexp(PROJECT_KEY, error="Must be 2 to 10 capital letters and digits, a letter first.")


class ProjectIn(Shape):
    """A new project, or with PATCH what changes of one."""

    key = fields.String(required=True, validate=_KEY)
    name = Line(required=True, most=NAME_MAX)
    description = Text(load_default="")


class Project(Shape):
    """A project as one of its members sees it; `role` is the caller's. Its `former_keys` lead to it, too."""

    id = fields.UUID()
    key = fields.String()
    former_keys = fields.List(fields.String())
    name = fields.String()
    description = fields.String()
    role = fields.String(validate=validate.OneOf(PROJECT_ROLES))
    archived = fields.Boolean()
    created_by = fields.UUID()
    created_at = Instant()
    updated_at = Instant()
    version = fields.Integer()


class ProjectQuery(PageQuery):
    """Which projects to list."""

    archived = QueryFlag()
    q = Line(most=NAME_MAX)


class MemberIn(Shape):
    """A member's role."""

    role = fields.String(required=True, validate=validate.OneOf(PROJECT_ROLES))


class Member(Shape):
    """A member of a project."""

    user_id = fields.UUID()
    display_name = fields.String(allow_none=True)
    role = fields.String(validate=validate.OneOf(PROJECT_ROLES))


class Joined(Shape):
    """The place in a project that an invitation gave."""

    project_id = fields.UUID()
    project_key = fields.String()
    role = fields.String(validate=validate.OneOf(PROJECT_ROLES))


class InvitationIn(Shape):
    """Whom to invite, as what."""

    email = Email(required=True)
    role = fields.String(load_default="member", validate=validate.OneOf(PROJECT_ROLES[1:]))


class Invitation(Shape):
    """An open invitation."""

    id = fields.UUID()
    email = fields.String()
    role = fields.String()
    invited_by = fields.UUID()
    created_at = Instant()
    expires_at = Instant()
