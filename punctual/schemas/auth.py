"""Shapes of accounts, sessions, passwords and the OAuth 2 forms."""

from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, validate, validates_schema

from punctual.schemas.fields import NAME_MAX, Email, Instant, Line, Shape, TimeZone

PASSWORD_LENGTH = validate.Length(10, 200)
_GIVEN = validate.Length(1)  # in forms, what is empty counts as left out


class RegistrationIn(Shape):
    """A new account."""

    email = Email(required=True)
    password = fields.String(required=True, validate=PASSWORD_LENGTH)
    display_name = Line(required=True, most=NAME_MAX)
    time_zone = TimeZone(load_default="UTC")

    @validates_schema
    def password_is_not_the_email(self, data: dict[str, Any], **kwargs: Any) -> None:
        """The first thing that anybody would guess."""
        if data["password"].strip().lower() == data["email"]:
            raise ValidationError("Must not be the e-mail address.", "password")


class Registered(Shape):
    """What a registration answers, whether or not the address was free."""

    id = fields.UUID()
    email = fields.String()
    display_name = fields.String()


class PasswordIn(Shape):
    """A change of the password."""

    current_password = fields.String(required=True, validate=validate.Length(max=200))
    new_password = fields.String(required=True, validate=PASSWORD_LENGTH)


class PasswordResetIn(Shape):
    """Whose password was forgotten."""

    email = Email(required=True)


class NewPasswordIn(Shape):
    """The password that replaces a forgotten one."""

    password = fields.String(required=True, validate=PASSWORD_LENGTH)


class Session(Shape):
    """One of the caller's sessions; `current` is the one that asks."""

    id = fields.UUID()
    device = fields.String()
    address = fields.String()
    current = fields.Boolean()
    created_at = Instant()
    last_seen_at = Instant()
    expires_at = Instant()


class Form(Shape):
    """A form of OAuth 2, which passes over what it doesn't know."""

    class Meta:
        """As RFC 6749, section 3.2, demands."""

        unknown = EXCLUDE


class PasswordForm(Form):
    """A password, for an access token."""

    grant_type = fields.String(required=True, validate=validate.Equal("password"))
    username = fields.Email(required=True, metadata={"description": "The e-mail address."})
    password = fields.String(required=True, validate=_GIVEN)


class RefreshForm(Form):
    """A refresh token, for an access token and the next refresh token."""

    grant_type = fields.String(required=True, validate=validate.Equal("refresh_token"))
    refresh_token = fields.String(required=True, validate=_GIVEN)


class Token(Shape):
    """An access token, and the refresh token for the next one."""

    access_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer(metadata={"description": "Seconds."})
    refresh_token = fields.String()


class RevocationForm(Form):
    """A token whose session is to end."""

    token = fields.String(required=True, validate=_GIVEN)
    token_type_hint = fields.String()


class Revoked(Shape):
    """Nothing: whether the token was known isn't told."""


class KeySet(Shape):
    """A JSON Web Key Set (RFC 7517)."""

    keys = fields.List(fields.Dict())


class Metadata(Shape):
    """An authorization server's description of itself (RFC 8414)."""

    issuer = fields.String()
    token_endpoint = fields.String()
    jwks_uri = fields.String()
    revocation_endpoint = fields.String()
    response_types_supported = fields.List(fields.String())
    grant_types_supported = fields.List(fields.String())
    token_endpoint_auth_methods_supported = fields.List(fields.String())
    revocation_endpoint_auth_methods_supported = fields.List(fields.String())
    service_documentation = fields.String()
