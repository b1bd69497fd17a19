"""The token and the revocation endpoint over HTTP, against real PostgreSQL and RabbitMQ."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc.jws import extract_compact

from punctual.domain.auth.guesses import FREE
from punctual.kit import ids
from punctual.kit.denylist import Denylist
from punctual.kit.errors import Unauthenticated
from punctual.kit.tokens import Verifier
from tests.support.accounts import PASSWORD, RealServices, an_email, execute, rows
from tests.support.services import Answer, eventually

FORM = "application/x-www-form-urlencoded"
WRONG = "wrong horse battery"


@pytest.fixture
async def auth(running_worker: None) -> AsyncIterator[RealServices]:
    async with RealServices() as started:
        yield started


def refused(answer: Answer) -> tuple[int, str, str]:
    """What an answer gives away."""
    return answer.status, answer.body["error"], answer.body["error_description"]


def backdate(refresh_token: str, seconds: float) -> None:
    """Let a refresh token have been used that much earlier."""
    from punctual.actors.auth.posting import token_hash

    past = timedelta(seconds=seconds)
    execute("UPDATE refresh_token SET used_at = used_at - %s WHERE hash = %s", (past, token_hash(refresh_token)))


async def test_a_password_opens_a_session_whose_token_the_published_keys_verify(auth: RealServices) -> None:
    ada = await auth.account()

    caller = await Verifier(auth.served_keys, Denylist()).verify(ada.token)
    listed = await ada.request("GET", "/api/v1/auth/sessions")

    assert caller.id == ada.id
    assert caller.role in ("user", "admin")
    assert ada.tokens["token_type"] == "Bearer"
    assert ada.tokens["expires_in"] == 600
    assert [item["id"] for item in listed.body["items"]] == [str(caller.session_id)]


async def test_tokens_are_never_to_be_cached(auth: RealServices) -> None:
    ada = await auth.account()

    answer = await auth.sign_in(ada.email)

    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Cache-Control"] == "no-store"


async def test_capitals_and_blanks_around_an_address_make_no_difference(auth: RealServices) -> None:
    ada = await auth.account()

    assert (await auth.sign_in(f" {ada.email.upper()} ")).status == 200


async def test_a_password_is_the_same_however_its_letters_are_composed(auth: RealServices) -> None:
    ada = await auth.account(password="Schlüsselbrücke")

    assert (await auth.sign_in(ada.email, "Schlu\u0308sselbru\u0308cke")).status == 200


async def test_an_unknown_address_is_answered_like_a_wrong_password(auth: RealServices) -> None:
    ada = await auth.account()

    wrong = await auth.sign_in(ada.email, WRONG)
    unknown = await auth.sign_in(an_email(), WRONG)

    assert refused(wrong) == refused(unknown)
    assert wrong.status == 400
    assert wrong.body["error"] == wrong.body["code"] == "invalid_grant"
    assert wrong.body["request_id"] == wrong.headers["X-Request-ID"]


async def test_guessing_is_throttled_the_same_for_known_and_unknown_addresses(auth: RealServices) -> None:
    ada = await auth.account()

    for email in (ada.email, an_email()):
        for _ in range(FREE):
            assert (await auth.sign_in(email, WRONG)).status == 400
        blocked = await auth.sign_in(email, WRONG)

        assert (blocked.status, blocked.body["error"]) == (429, "invalid_grant")
        assert 1 <= int(blocked.headers["Retry-After"]) <= 2
        assert (await auth.sign_in(email, PASSWORD)).status == 429


async def test_guesses_sent_all_at_once_gain_nothing(auth: RealServices) -> None:
    email = an_email()

    answers = await asyncio.gather(*(auth.sign_in(email, WRONG) for _ in range(30)))

    # Each of the two threads may have begun one before the other's failure was on record.
    assert sum(answer.status == 400 for answer in answers) <= FREE + 1
    assert {answer.status for answer in answers} == {400, 429}


async def test_many_right_passwords_at_once_block_nobody(auth: RealServices) -> None:
    ada = await auth.account()

    answers = await asyncio.gather(*(auth.sign_in(ada.email) for _ in range(20)))

    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["refresh_token"] for answer in answers}) == 20


async def test_a_right_password_clears_what_failed_before(auth: RealServices) -> None:
    ada = await auth.account()

    for _ in range(2):
        for _ in range(FREE - 1):
            await auth.sign_in(ada.email, WRONG)

        assert (await auth.sign_in(ada.email)).status == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("", "invalid_request"),
        ("grant_type=", "invalid_request"),
        ("grant_type=client_credentials", "unsupported_grant_type"),
        ("grant_type=password", "invalid_request"),
        ("grant_type=password&username=ada%40example.org", "invalid_request"),
        ("grant_type=password&username=ada%40example.org&password=", "invalid_request"),
        ("grant_type=password&username=a%00b&password=x", "invalid_request"),
        ("grant_type=password&username=%ff&password=x", "invalid_request"),
        ("grant_type=password&username=a&username=b&password=x", "invalid_request"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=unknown", "invalid_grant"),
        ("grant_type=refresh_token&refresh_token=unknown&scope=all", "invalid_grant"),
        ("&".join(f"field{number}=x" for number in range(21)), "invalid_request"),
    ],
)
async def test_bad_forms_are_refused_as_oauth_has_it(auth: RealServices, form: str, error: str) -> None:
    answer = await auth.call("POST", "/api/v1/auth/token", form.encode(), Content_Type=FORM)

    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("application/json")
    assert (answer.body["error"], answer.body["code"], answer.body["status"]) == (error, error, 400)


async def test_json_isn_t_a_form(auth: RealServices) -> None:
    answer = await auth.call("POST", "/api/v1/auth/token", {"grant_type": "password"})

    assert (answer.status, answer.body["error"]) == (400, "invalid_request")
    assert FORM in answer.body["detail"]


async def test_a_refresh_token_gives_the_next_pair_of_the_same_session(auth: RealServices) -> None:
    ada = await auth.account()
    verifier = auth.runtime.verifier

    refreshed = await auth.refresh(ada.tokens["refresh_token"])
    first, second = await verifier.verify(ada.token), await verifier.verify(refreshed.body["access_token"])

    assert refreshed.status == 200
    assert refreshed.body["refresh_token"] != ada.tokens["refresh_token"]
    assert first == second
    assert (await auth.refresh(refreshed.body["refresh_token"])).status == 200


async def test_a_client_whose_answer_was_lost_gets_the_same_successor_again(auth: RealServices) -> None:
    ada = await auth.account()

    answers = await asyncio.gather(*(auth.refresh(ada.tokens["refresh_token"]) for _ in range(5)))
    later = await auth.refresh(ada.tokens["refresh_token"])

    assert {answer.status for answer in [*answers, later]} == {200}
    assert len({answer.body["refresh_token"] for answer in [*answers, later]}) == 1
    assert (await auth.refresh(later.body["refresh_token"])).status == 200


async def test_an_old_refresh_token_ends_the_session_for_both_its_holders(auth: RealServices) -> None:
    ada = await auth.account()
    refreshed = await auth.refresh(ada.tokens["refresh_token"])
    backdate(ada.tokens["refresh_token"], 11)

    stolen = await auth.refresh(ada.tokens["refresh_token"])
    owners = await auth.refresh(refreshed.body["refresh_token"])

    assert (stolen.status, stolen.body["error"]) == (400, "invalid_grant")
    assert (owners.status, owners.body["error"]) == (400, "invalid_grant")


async def test_a_thief_within_the_grace_is_found_out_when_both_go_on(auth: RealServices) -> None:
    ada = await auth.account()
    await auth.refresh(ada.tokens["refresh_token"])
    thiefs = (await auth.refresh(ada.tokens["refresh_token"])).body["refresh_token"]

    first = await auth.refresh(thiefs)
    backdate(thiefs, 11)
    second = await auth.refresh(thiefs)

    assert (first.status, second.status) == (200, 400)
    assert (await auth.refresh(first.body["refresh_token"])).status == 400


async def test_a_repeat_after_the_secret_has_changed_still_goes_on(auth: RealServices) -> None:
    from punctual.http.auth.keys import keyring

    ada = await auth.account()
    first = await auth.refresh(ada.tokens["refresh_token"])
    execute("UPDATE signing_key SET refresh_secret = sha256(refresh_secret)")
    keyring._read_at = float("-inf")

    second = await auth.refresh(ada.tokens["refresh_token"])

    assert second.status == 200
    assert second.body["refresh_token"] != first.body["refresh_token"]
    assert (await auth.refresh(second.body["refresh_token"])).status == 200


async def test_only_hashes_of_refresh_tokens_are_stored(auth: RealServices) -> None:
    ada = await auth.account()
    await auth.refresh(ada.tokens["refresh_token"])

    stored = rows("SELECT hash, successor FROM refresh_token JOIN session ON session.id = session_id"
                  " WHERE account_id = %s", (ada.id,))  # fmt: skip

    assert len(stored) == 2
    assert ada.tokens["refresh_token"] not in str(stored)


async def test_an_expired_session_gives_nothing(auth: RealServices) -> None:
    ada = await auth.account()
    execute("UPDATE session SET expires_at = now() WHERE account_id = %s", (ada.id,))

    answer = await auth.refresh(ada.tokens["refresh_token"])

    assert (answer.status, answer.body["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", ["", "&token_type_hint=refresh_token", "&token_type_hint=shoe_size"])
async def test_revoking_either_token_ends_the_session(auth: RealServices, kind: str, hint: str) -> None:
    ada = await auth.account()
    form = f"token={quote(ada.tokens[kind])}{hint}".encode()

    revoked = await auth.call("POST", "/api/v1/auth/revoke", form, Content_Type=FORM)
    again = await auth.call("POST", "/api/v1/auth/revoke", form, Content_Type=FORM)

    async def refused_everywhere() -> bool:
        return (await ada.request("GET", "/api/v1/auth/sessions")).status == 401

    await eventually(refused_everywhere, within=2)
    assert (revoked.status, again.status) == (200, 200)
    assert (await auth.refresh(ada.tokens["refresh_token"])).status == 400


async def test_revoking_what_isn_t_known_is_no_error_but_revoking_nothing_is(auth: RealServices) -> None:
    unknown = await auth.call("POST", "/api/v1/auth/revoke", b"token=unknown", Content_Type=FORM)
    nothing = await auth.call("POST", "/api/v1/auth/revoke", b"hint=x", Content_Type=FORM)

    assert unknown.status == 200
    assert (nothing.status, nothing.body["error"]) == (400, "invalid_request")


async def test_the_published_keys_have_no_private_half(auth: RealServices) -> None:
    answer = await auth.call("GET", "/.well-known/jwks.json")

    assert answer.body["keys"]
    for key in answer.body["keys"]:
        assert key.keys() == {"kty", "crv", "x", "kid", "use", "alg"}
        assert (key["crv"], key["alg"], key["use"]) == ("Ed25519", "Ed25519", "sig")


async def test_the_metadata_is_valid_and_names_real_endpoints(auth: RealServices) -> None:
    answer = await auth.call("GET", "/.well-known/oauth-authorization-server")

    AuthorizationServerMetadata(answer.body).validate()
    for name, method in (("token_endpoint", "POST"), ("revocation_endpoint", "POST"), ("jwks_uri", "GET")):
        path = answer.body[name].removeprefix(answer.body["issuer"])
        assert (await auth.call(method, path)).status in (200, 400)


async def test_a_token_of_another_key_is_refused(auth: RealServices) -> None:
    from tests.support.services import token_for

    ada = await auth.account()

    with pytest.raises(Unauthenticated):
        await auth.runtime.verifier.verify(token_for(ada.id))


async def test_the_next_key_is_published_before_it_signs_and_both_are_good(auth: RealServices) -> None:
    from punctual.http.auth.keys import keyring

    ada = await auth.account()
    key_id, verifier = ids.uuid7(), Verifier(auth.served_keys, Denylist())
    execute(
        "INSERT INTO signing_key SELECT %s, sha256(seed), sha256(seed), now(), now() + interval '1 hour'"
        " FROM signing_key ORDER BY signs_from LIMIT 1",
        (key_id,),
    )
    try:
        before = (await ada.again()).token
        await verifier.verify(before)
        execute("UPDATE signing_key SET signs_from = now() WHERE id = %s", (key_id,))
        keyring._read_at = float("-inf")
        after = (await ada.again()).token

        assert header(before)["kid"] != header(after)["kid"] == str(key_id)
        assert (await verifier.verify(after)).id == (await verifier.verify(before)).id == ada.id
    finally:
        execute("DELETE FROM signing_key WHERE id = %s", (key_id,))
        keyring._read_at = float("-inf")


def header(token: str) -> dict[str, str]:
    """What a token says of its key."""
    return dict(extract_compact(token.encode()).protected)
