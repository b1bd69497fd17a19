"""The kinds of notifications, and what becomes of deliveries, in plain words."""

GROUPS = {
    "Deadlines": {
        "task.due_soon": "A deadline comes near",
        "task.due": "A deadline is now",
        "task.overdue": "A task is overdue",
        "task.reminders_missed": "Reminders that came too late, in one summary",
    },
    "Between people": {
        "task.assigned": "I am assigned to a task",
        "task.unassigned": "Somebody is taken off a task of mine",
        "task.mentioned": "Somebody mentions me",
        "task.commented": "A comment on a task of mine",
    },
    "Tasks that I am assigned to, or watch": {
        "task.created": "A task is created that I watch",
        "task.updated": "Title, text or priority changes",
        "task.status_changed": "The status changes",
        "task.due_changed": "The deadline changes",
        "task.completed": "A task is done",
        "task.reopened": "A task is opened again",
        "task.deleted": "A task is deleted",
    },
    "Projects": {
        "project.invited": "I am invited to a project",
        "project.member_added": "I become a member of a project",
        "project.member_role_changed": "My role in a project changes",
        "project.member_removed": "I am no longer a member of a project",
        "project.archived": "A project is archived",
        "project.deleted": "A project is deleted",
    },
    "Punctual itself": {
        "operation.failed": "Something I did was accepted, and failed later",
        "notification.tested": "A test notification that I send myself",
    },
}
STATES = {
    "queued": ("Waiting", "warn"),
    "held": ("Held back", "warn"),
    "sending": ("Being sent", "warn"),
    "sent": ("Sent", "good"),
    "failed": ("Failed", "bad"),
    "dead": ("Given up", "bad"),
    "suppressed": ("Not sent", ""),
}
CHANNELS = {"in_app": "Inbox", "email": "E-mail"}
_NAMES = {kind: name for group in GROUPS.values() for kind, name in group.items()}


def name_of(kind: str) -> str:
    """A kind's name; of an unknown one, or of the template of another e-mail, what can be read of it."""
    return _NAMES.get(kind) or kind.replace(".", ": ").replace("_", " ").capitalize()
