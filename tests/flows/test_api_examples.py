"""Every example of docs/api.md, run in its order against the real stack."""

import json
import re
from pathlib import Path
from urllib.parse import unquote_plus

from tests.flows.client import PASSWORD, Answer, ApiClient, until
from tests.flows.stack import Stack

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"```http\n(?P<request>.*?)```\n\n`(?P<status>\d{3})`(?: <!-- (?P<keep>.*?) -->)?", re.DOTALL)


def run(client: ApiClient, request: str, kept: dict[str, str]) -> Answer:
    """Send an example, the names in it filled from earlier answers."""
    text = re.sub(r"\$(\w+)", lambda name: kept[name[1]], request)
    head, _, body = text.partition("\n\n")
    first, *headers = head.splitlines()
    method, path = first.split(" ", 1)
    fields = {name.replace("-", "_"): value.strip() for name, _, value in (line.partition(":") for line in headers)}
    client.token = kept.get("access_token", "")
    if "x-www-form-urlencoded" in fields.get("Content_Type", ""):
        client.token = ""
        form = dict(pair.split("=", 1) for pair in body.strip().split("&"))
        return client.request(method, path, form={name: unquote_plus(value) for name, value in form.items()})
    return client.request(method, path, json.loads(body) if body.strip() else None, **fields)


def test_every_example_answers_as_the_document_says(stack: Stack) -> None:
    client, kept = ApiClient(stack.url), {"password": PASSWORD}
    examples = list(EXAMPLE.finditer(DOCUMENT.read_text()))

    for example in examples:
        expected = int(example["status"])

        def attempt(example: "re.Match[str]" = example, expected: int = expected) -> Answer | None:
            answer = run(client, example["request"], kept)
            # A replica may be a moment behind its owner; reading again is what the document advises.
            return answer if answer.status == expected or answer.status not in (404, 422, 503) else None

        answer = until(attempt)
        assert answer.status == expected, f"{example['request']}\n{answer}"
        for name, source in re.findall(r"(\w+) = (\w+)", example["keep"] or ""):
            kept[name] = answer.headers[source] if source == "Location" else answer.body[source]

    assert len(examples) >= 20
