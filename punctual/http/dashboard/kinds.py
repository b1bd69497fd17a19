"""The kinds of notifications, and what becomes of deliveries, in plain words."""

GROUPS = {
    "Deadlines": {
        "task.due_soon": "A deadline comes near",
        "task.due": "A deadline is now",
        "task.overdue": "A task is overdue",
        "task.reminders_missed": "Missed reminders, in one summary",
    },
    "Between people": {
        "task.assigned": "Being assigned to a task",
        "task.unassigned": "Somebody is taken off a task",
        "task.mentioned": "Being mentioned in a comment",
        "task.commented": "A comment on a task",
    },
    "Tasks that you are assigned to, or watch": {
        "task.created": "A task to watch is created",
        "task.updated": "A task's title, text or priority changes",
        "task.status_changed": "A task's status changes",
        "task.due_changed": "A task's deadline changes",
        "task.completed": "A task is done",
        "task.reopened": "A task is opened again",
        "task.deleted": "A task is deleted",
    },
    "Projects": {
        "project.invited": "Being invited to a project",
        "project.member_added": "Becoming a member of a project",
        "project.member_role_changed": "Another role in a project",
        "project.member_removed": "No longer being a member of a project",
        "project.archived": "A project is archived",
        "project.deleted": "A project is deleted",
    },
    "Punctual itself": {
        "operation.failed": "What was accepted failed later",
        "notification.tested": "A test notification to oneself",
    },
}
STATES = {
    "queued": ("Waiting", "warn"),
    "held": ("Held", ""),
    "sending": ("Being sent", "warn"),
    "sent": ("Sent", "good"),
    "failed": ("Failed", "bad"),
    "dead": ("Given up", "bad"),
    "suppressed": ("Not sent", ""),
}
CHANNELS = {"in_app": "Inbox", "email": "E-mail"}
_OTHERS = {
    "all": "All that you are told",
    "auth.verification": "Confirming an e-mail address",
    "auth.password_reset": "Setting a new password",
    "auth.already_registered": "An address that has an account already",
}
_NAMES = _OTHERS | {kind: name for group in GROUPS.values() for kind, name in group.items()}


def name_of(kind: str) -> str:
    """A kind's name; of an unknown one, or of the template of another e-mail, what can be read of it."""
    return _NAMES.get(kind) or kind.replace(".", ": ").replace("_", " ").capitalize()
