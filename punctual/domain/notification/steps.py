"""The way of a test notification, hop by hop: what happened when, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

StepName = Literal["accepted", "queued", "inbox", "worker", "smtp", "delivered"]
StepState = Literal["done", "pending", "failed", "skipped"]
Delivery = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """`at` is when it was done, or failed; `reason` says why it was not done (yet)."""

    name: StepName
    state: StepState
    at: datetime | None = None
    reason: str | None = None


def steps(
    accepted_at: datetime, told_at: datetime | None, in_app: Delivery | None, email: Delivery | None
) -> list[Step]:
    """All hops in order. Deliveries have `state`, `reason`, `attempts`, `attempted_at` and `sent_at`."""
    accepted = Step("accepted", "done", accepted_at)
    if told_at is None or in_app is None or email is None:
        waits = Step("queued", "pending", reason="waits for a worker of the notification service")
        return [accepted, waits, Step("inbox", "pending"), *_pending("worker")]
    return [accepted, Step("queued", "done", told_at), _inbox(in_app), *_by_mail(email)]


def state_of(way: Sequence[Step]) -> Literal["done", "pending", "failed"]:
    """Where the whole way stands; what was skipped on purpose doesn't keep it from being done."""
    states = {step.state for step in way}
    if "failed" in states:
        return "failed"
    return "pending" if "pending" in states else "done"


def _inbox(delivery: Delivery) -> Step:
    if delivery["state"] == "sent":
        return Step("inbox", "done", delivery["sent_at"])
    return Step("inbox", "skipped", reason=delivery["reason"])


def _by_mail(delivery: Delivery) -> list[Step]:
    state, reason = delivery["state"], delivery["reason"]
    if not delivery["attempts"]:
        if state == "suppressed":
            return [Step("worker", "skipped", reason=reason), Step("smtp", "skipped"), Step("delivered", "skipped")]
        return _pending("worker", reason or "waits for a mail worker")
    worker = Step("worker", "done", delivery["attempted_at"])
    if state == "sent":
        return [worker, Step("smtp", "done", delivery["sent_at"]), Step("delivered", "done", delivery["sent_at"])]
    if state in ("failed", "dead"):
        failed = Step("smtp", "failed", delivery["attempted_at"], reason)
        return [worker, failed, Step("delivered", "skipped")]
    if state == "suppressed":
        return [worker, Step("smtp", "skipped", reason=reason), Step("delivered", "skipped")]
    return [worker, *_pending("smtp", reason or "talks with the mail server")]


def _pending(begin: Literal["worker", "smtp"], reason: str | None = None) -> list[Step]:
    rest: tuple[StepName, ...] = ("smtp", "delivered") if begin == "worker" else ("delivered",)
    return [Step(begin, "pending", reason=reason), *(Step(name, "pending") for name in rest)]
