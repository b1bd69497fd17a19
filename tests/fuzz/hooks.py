"""What Schemathesis must know of this API beyond its document; it imports this file by its path.

The environment says where the API is and who asks: FUZZ_URL, FUZZ_EMAIL, FUZZ_PASSWORD, FUZZ_USER_ID; what was
answered is counted in the file FUZZ_ANSWERS.
"""

import atexit
import json
import os
import threading
from collections import Counter
from typing import Any
from zoneinfo import available_timezones

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.openapi.checks import RejectedPositiveData

URL, USER_ID = os.environ["FUZZ_URL"], os.environ["FUZZ_USER_ID"]

# Rules that no shape can say: valid by its shape, and refused all the same.
RULES = {
    (400, "invalid_grant"),  # no made-up password and no made-up token is right
    (412, "precondition_failed"),  # nor is a made-up version the present one
    (422, "invalid_cursor"),  # nor a made-up cursor one of ours
    (422, "idempotency_key_reused"),  # short keys come up twice
    (422, "wrong_password"),
    (422, "not_a_member"),
    (422, "unknown_status"),
    (422, "default_status"),
    (422, "kind_named_twice"),
}
# The same of single fields: sums and equal values are more than a pattern tells.
FIELD_RULES = {
    "rules": ("is too far from the deadline", "is given twice"),
    "project": ("There is no project",),
    "sort": ("needs something to search for",),
}
# These would shut out whoever asks.
SHUTTING_OUT = {"put_users_id_deactivation", "put_users_id_role"}

schemathesis.openapi.format("etag", st.sampled_from(['"1"', '"2"', '"999999999999999999"', "*", 'W/"1"']))
schemathesis.openapi.format("time-zone", st.sampled_from(sorted(available_timezones() - {"localtime"})))
schemathesis.openapi.format(
    "signed-duration",
    st.sampled_from(["-PT24H", "-PT1H", "PT0S", "PT30M", "P1DT2H"])
    | st.integers(1, 365).map("P{}D".format)
    | st.integers(1, 365).map("-P{}D".format),
)

_answers: Counter[str] = Counter()
_lock = threading.Lock()


@schemathesis.auth(refresh_interval=240)
class SignedIn:
    """One session of the fuzzing user's after another: tokens expire, and ending sessions is among what is tried.

    A 401 makes Schemathesis sign in again and send the request once more.
    """

    def get(self, _case: Any, _context: Any) -> str:
        form = {
            "grant_type": "password",
            "username": os.environ["FUZZ_EMAIL"],
            "password": os.environ["FUZZ_PASSWORD"],
        }
        answer = requests.post(f"{URL}/api/v1/auth/token", data=form, timeout=30)
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def set(self, case: Any, data: str, _context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    name, parts = case.operation.definition.raw.get("operationId"), case.path_parameters or {}
    if not {None, "null"}.isdisjoint(parts.values()):
        # Taken over from an answer where an id may be absent; in a path it is none by any schema.
        return False
    return name not in SHUTTING_OUT or parts.get("id") != USER_ID


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, _case: Any, response: Any) -> bool:
    if not isinstance(failure, RejectedPositiveData):
        return True
    problem = response.json()
    return (response.status_code, problem.get("code")) not in RULES and not _by_field_rules(problem.get("errors") or {})


def _by_field_rules(errors: dict[str, Any]) -> bool:
    told = [(name, str(message)) for name, messages in errors.items() for message in messages]
    return bool(told) and all(any(rule in message for rule in FIELD_RULES.get(name, ())) for name, message in told)


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    with _lock:
        _answers[f"{case.operation.definition.raw.get('operationId')} {response.status_code}"] += 1


@atexit.register
def write_answers() -> None:
    """Leave the counts to the test that started this."""
    with open(os.environ["FUZZ_ANSWERS"], "w") as file:  # noqa: PTH123 - at the end of a process
        json.dump(_answers, file)
