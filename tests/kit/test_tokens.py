"""The verifier of access tokens, with keys handed over by the test."""

import asyncio
import base64
import json
from typing import Any
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey

from punctual.kit.denylist import Denylist
from punctual.kit.errors import Unauthenticated, Unavailable
from punctual.kit.tokens import Verifier


class Auth:
    """Publishes one key, which no token here is signed with, and counts who asks."""

    def __init__(self) -> None:
        self.asked = 0

    async def keys(self) -> dict[str, Any]:
        self.asked += 1
        await asyncio.sleep(0)
        return {"keys": [{"kid": "known", **OKPKey.generate_key("Ed25519").as_dict(private=False)}]}


def _of_unknown_key() -> str:
    header = json.dumps({"alg": "Ed25519", "kid": str(uuid4())}).encode()
    return f"{base64.urlsafe_b64encode(header).decode().rstrip('=')}.e30.c2ln"


async def test_tokens_of_unknown_keys_that_come_together_ask_for_the_keys_once() -> None:
    auth = Auth()
    verifier = Verifier(auth.keys, Denylist())

    answers = await asyncio.gather(*(verifier.verify(_of_unknown_key()) for _ in range(50)), return_exceptions=True)

    assert {type(answer) for answer in answers} == {Unauthenticated}
    assert auth.asked == 1


async def test_a_token_of_an_unknown_key_right_after_another_asks_for_nothing() -> None:
    auth = Auth()
    verifier = Verifier(auth.keys, Denylist())

    for _ in range(3):
        with pytest.raises(Unauthenticated):
            await verifier.verify(_of_unknown_key())

    assert auth.asked == 1


async def test_keys_that_are_learnt_beforehand_are_not_asked_for_again() -> None:
    auth = Auth()
    verifier = Verifier(auth.keys, Denylist())
    with pytest.raises(Unavailable):
        verifier.demand()

    await verifier.learn()
    verifier.demand()
    with pytest.raises(Unauthenticated):
        await verifier.verify(_of_unknown_key())

    assert auth.asked == 1
