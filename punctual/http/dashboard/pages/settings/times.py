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
FIELDS = ("quiet_hours",)
_USUAL = {"from": "20:00", "to": "07:00", "days": list(DAYS)}


def form_of(preferences: dict[str, Any]) -> Form:
    """What is chosen, or would be usual."""
    quiet = preferences["quiet_hours"] or _USUAL
    return Form(
        {
            "quiet": "1" if preferences["quiet_hours"] else "",
            **{f"quiet_{name}": value for name, value in quiet.items()},
        }
    )


def chosen(form: Form) -> dict[str, Any]:
    """What the API is told."""
    quiet = {"from": form["quiet_from"], "to": form["quiet_to"], "days": form.several("quiet_days")}
    return {"quiet_hours": quiet if form["quiet"] else None}
