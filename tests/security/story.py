"""A story with every kind of secret, and every kind of mishap."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from punctual.kit.broker import BUG_RETRIES
from tests.flows.stack import Stack
from tests.security import hiding_places as places
from tests.security.api import Api, Person, Reply, opened, until
from tests.security.hiding_places import Place
from tests.security.scene import a_key
from tests.security.ticks import command, publish, tick

HASH = "$argon2id$"


@dataclass
class Story:
    """What was used and what was shown."""

    secrets: set[str] = field(default_factory=set)
    problems: list[Place] = field(default_factory=list)
    events: list[Place] = field(default_factory=list)

    def secret(self, text: str) -> str:
        """Use a text as a secret."""
        self.secrets.add(text)
        return text

    def saw(self, reply: Reply) -> Reply:
        """Keep what somebody was shown when it went wrong."""
        if reply.status >= 400:
            self.problems.append(Place(f"problem {reply.status}", reply.raw.decode() + str(reply.headers)))
        return reply


async def tell(stack: Stack, root: Person) -> Story:
    """The whole of it, from the beginning to the last dead letter."""
    told = Story()
    async with opened(stack.url, told.secrets) as api, places.overheard(stack) as events:
        person = await _account(api, told, stack)
        await _sessions(api, told, person)
        await _new_password(api, told, person, stack)
        await _invitation(api, told, person, stack)
        await _mishaps(api, told, person)
        await _poison(api, told, root, stack)
        told.events = events
    told.secrets.discard("[redacted]")
    for column in ("seed", "refresh_secret"):
        told.secrets |= {row[0] for row in stack.sql("auth", f"SELECT encode({column}, 'hex') FROM signing_key")}  # noqa: S608
    told.secrets |= places.server_passwords(stack)
    return told


async def _account(api: Api, told: Story, stack: Stack) -> Person:
    """Register, register once more, verify the address."""
    person = Person(api, f"secret.{uuid4().hex[:8]}@example.org", told.secret(f"First-{uuid4().hex}"))
    await person.register("Secretive")
    again = {"email": person.email, "password": told.secret(f"Again-{uuid4().hex}"), "display_name": "Again"}
    await api.demand(201, "POST", "/api/v1/auth/register", body=again)
    token = told.secret(await _mailed_token(stack, person.email, r"/verify-email/|/email-verifications/|/verif[\w-]*/"))
    path = "/api/v1/auth/email-verifications"
    await api.demand(204, "PUT", f"{path}/{token}")
    told.saw(await api.send("PUT", f"{path}/{told.secret(token[:-2] + 'xx')}"))
    told.saw(await api.send("GET", f"{path}/{token}"))
    told.saw(await api.send("PUT", f"{path}/{token}/more"))
    return person


async def _sessions(api: Api, told: Story, person: Person) -> None:
    """Wrong passwords until it is too many, refreshing, reuse, revoking."""
    other = Person(api, f"other.{uuid4().hex[:8]}@example.org", told.secret(f"Other-{uuid4().hex}"))
    await other.register("Other")
    for number in range(7):
        wrong = told.secret(f"Wrong{number}-{uuid4().hex}")
        form = {"grant_type": "password", "username": other.email, "password": wrong}
        told.saw(await api.send("POST", "/api/v1/auth/token", form=form))
    for token in (person.refresh_token, person.refresh_token, told.secret(f"Refresh-{uuid4().hex}")):
        form = {"grant_type": "refresh_token", "refresh_token": token}
        told.saw(await api.send("POST", "/api/v1/auth/token", form=form))
    await person.sign_in()
    await api.send("POST", "/api/v1/auth/revoke", form={"token": person.refresh_token})
    told.saw(await person.send("GET", "/api/v1/users/me"))
    await person.sign_in()


async def _new_password(api: Api, told: Story, person: Person, stack: Stack) -> None:
    """A forgotten password, and a changed one."""
    path = "/api/v1/auth/password-resets"
    await api.send("POST", path, body={"email": person.email})
    token = told.secret(await _mailed_token(stack, person.email, r"/password-resets?/|/reset[\w-]*/"))
    told.saw(await api.send("PUT", f"{path}/{token}", body={"password": told.secret("Short1")}))
    person.password = told.secret(f"Second-{uuid4().hex}")
    await api.demand(204, "PUT", f"{path}/{token}", body={"password": person.password})
    told.saw(await api.send("PUT", f"{path}/{token}", body={"password": told.secret(f"Third-{uuid4().hex}")}))
    await person.sign_in()
    change = {"current_password": told.secret(f"Not-{uuid4().hex}"), "new_password": told.secret(f"New-{uuid4().hex}")}
    told.saw(await person.send("PUT", "/api/v1/auth/password", change))
    change["current_password"], person.password = person.password, change["new_password"]
    await person.put("/api/v1/auth/password", change, status=204)
    told.secrets.discard("Short1")


async def _invitation(api: Api, told: Story, person: Person, stack: Stack) -> None:
    """Invite somebody, who comes; and again with a used token."""
    project = await person.post("/api/v1/projects", {"key": a_key(), "name": "Secretive"})
    guest = Person(api, f"guest.{uuid4().hex[:8]}@example.org", told.secret(f"Guest-{uuid4().hex}"))
    key = uuid4().hex
    for _ in range(2):
        # Sent twice with one key: the second try meets the stored outcome.
        invited = {"email": guest.email, "role": "member"}
        await person.post(f"/api/v1/projects/{project['id']}/invitations", invited, Idempotency_Key=key)
    token = told.secret(await _mailed_token(stack, guest.email, r"/invitations/"))
    await guest.register("Guest")
    told.saw(await api.send("PUT", f"/api/v1/invitations/{token}"))
    told.saw(await guest.send("GET", f"/api/v1/invitations/{token}"))
    await guest.put(f"/api/v1/invitations/{token}")
    told.saw(await guest.send("PUT", f"/api/v1/invitations/{token}"))
    told.saw(await guest.send("PUT", f"/api/v1/invitations/{token}x"))
    told.saw(await guest.send("PUT", f"/internal/{token}"))
    told.saw(await guest.send("PUT", f"/api/v1/invitations//{token}"))


async def _mishaps(api: Api, told: Story, person: Person) -> None:
    """Secrets in wrong places and wrong forms."""
    register, token = "/api/v1/auth/register", "/api/v1/auth/token"
    email = f"{uuid4().hex}@example.org"

    def secret() -> str:
        return told.secret(f"Astray-{uuid4().hex}")

    bodies: list[dict[str, Any]] = [
        {"email": email, "pasword": secret(), "display_name": "x"},
        {"email": email, "password": [secret()], "display_name": "x"},
        {"email": email, "password": secret() * 8, "display_name": "x"},
        {"email": secret(), "password": secret(), "display_name": "x"},
        {"email": email, "password": secret(), "display_name": "x", "time_zone": secret()},
        {"email": email, "password": secret() + "\x00", "display_name": "x\x00"},
        {"x": secret()},
    ]
    for body in bodies:
        told.saw(await api.send("POST", register, body=body))
    forms = [
        {"grant_type": secret(), "username": email, "password": secret()},
        {"grant_type": "password", "username": secret(), "password": secret()},
        {"grant_type": "password", "username": email, "password": secret(), "scope": secret()},
        {"grant_type": "refresh_token", "refresh_token": secret() + "\x00"},
    ]
    for form in forms:
        told.saw(await api.send("POST", token, form=form))
        told.saw(await api.send("POST", token, body=form))
    for given in (secret(), f"{person.token}x", f"{person.token.rpartition('.')[0]}.{secret()}"):
        told.saw(await api.send("GET", "/api/v1/users/me", token=given))
    told.saw(await api.send("GET", f"/api/v1/users/me?access_token={person.token}"))
    told.saw(await api.send("GET", "/api/v1/users/me", token=secret() * 300))
    told.saw(await api.send("GET", "/api/v1/users/me", Authorization=f"Basic {secret()}", Cookie=secret()))
    for url in (register, token):
        # Cut off in the middle, as what isn't JSON or no form.
        async with api.client.post(api.base + url, data=f'{{"password": "{secret()}'.encode()) as answer:
            told.saw(Reply(answer.status, answer.headers, await answer.read()))


async def _poison(api: Api, told: Story, root: Person, stack: Stack) -> None:
    """Messages with secrets in them that no actor can do."""
    mail = {
        "mail_id": str(uuid4()), "template": "auth.password_reset", "to": "poison@example.org",
        "context": {"display_name": "x", "token": told.secret(f"Poisoned-{uuid4().hex}")},
        "surplus": told.secret(f"Surplus-{uuid4().hex}"),
    }  # fmt: skip
    hashed = f"{HASH}v=19$m=19456,t=2,p=1${uuid4().hex}"
    registration = {"account_id": "no id", "email": "x", "password_hash": hashed, "display_name": "x", "time_zone": "x"}
    messages = {
        "mail": command("notification.send_secret", "mail", bugs=BUG_RETRIES, **mail),
        "notification": command("notification.unheard_of", token=told.secret(f"Unheard-{uuid4().hex}")),
        "auth": command("auth.register", bugs=BUG_RETRIES, **registration),
        "task": f'{{"kwargs": {{"token": "{told.secret(f"Broken-{uuid4().hex}-{uuid4().hex}")}"'.encode(),
    }
    await publish(stack, messages)

    async def dead(service: str, mark: str) -> bool:
        await tick(stack, f"{service}.collect_dead_letters")
        path = f"/api/v1/dead-letters/{service}"
        letters = (await api.demand(200, "GET", path, token=root.token))["items"]
        shown = [await api.send("GET", f"{path}/{letter['id']}", token=root.token) for letter in letters]
        told.problems += [Place("dead letter as shown", reply.raw.decode()) for reply in shown]
        return any(mark.encode() in reply.raw for reply in shown)

    marks = {"notification": ["notification.send_secret", "notification.unheard_of"], "auth": ["auth.register"],
             "task": ["kwargs"]}  # fmt: skip
    for service, mark in [(service, mark) for service, some in marks.items() for mark in some]:
        await until(lambda service=service, mark=mark: dead(service, mark), within=40)


async def _mailed_token(stack: Stack, address: str, before: str) -> str:
    async def found() -> str:
        for letter in stack.mail(address):
            text = letter.get_body(("plain",)).get_content()
            if match := re.search(rf"(?:{before})([\w-]{{40,}})", text):
                return match[1]
        return ""

    return await until(found)
