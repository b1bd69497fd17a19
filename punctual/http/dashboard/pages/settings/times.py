"""When e-mails come, as the fields of a form."""

from typing import Any

from punctual.http.dashboard.forms import Form

DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
FIELDS = ("quiet_hours", "digest")
RHYTHMS = [
    ("", "Each at once"),
    ("hour", "Together, every hour"),
    ("day", "Together, once a day"),
    ("week", "Together, once a week"),
]
_USUAL = {"from": "20:00", "to": "07:00", "days": list(DAYS)}
_DIGEST = {"every": "", "at": "08:00", "day": "mon", "reminders": False}


def form_of(preferences: dict[str, Any]) -> Form:
    """What is chosen, or would be usual."""
    quiet, digest = preferences["quiet_hours"] or _USUAL, preferences["digest"] or _DIGEST
    return Form(
        {
            "quiet": "1" if preferences["quiet_hours"] else "",
            **{f"quiet_{name}": value for name, value in quiet.items()},
            "every": digest["every"],
            "at": digest["at"],
            "day": digest["day"],
            "reminders": "1" if digest["reminders"] else "",
        }
    )


def chosen(form: Form) -> dict[str, Any]:
    """What the API is told."""
    quiet = {"from": form["quiet_from"], "to": form["quiet_to"], "days": form.several("quiet_days")}
    digest = {**form.text("every", "at", "day"), "reminders": bool(form["reminders"])}
    return {"quiet_hours": quiet if form["quiet"] else None, "digest": digest if form["every"] else None}
