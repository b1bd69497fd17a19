"""One example of what each event tells."""

ID = "01932c5e-7b00-7000-8000-00000000000"

ACCOUNT = {
    "user_id": ID + "1",
    "email": "ada@example.org",
    "display_name": "Ada",
    "time_zone": "Europe/London",
    "role": "admin",
}
PROFILE = {**ACCOUNT, "locale": "en", "active": True}
PROJECT = {
    "project_id": ID + "2",
    "key": "OPS",
    "name": "Operations",
    "archived": False,
    "deleted": False,
    "former_keys": ["WORKS"],
}
MEMBER = {
    "project_id": ID + "2",
    "project_key": "OPS",
    "project_name": "Operations",
    "user_id": ID + "1",
    "role": "member",
}
INVITED = {
    "invitation_id": ID + "3",
    "project_id": ID + "2",
    "project_key": "OPS",
    "project_name": "Operations",
    "email": "carol@example.org",
    "role": "member",
}
TASK = {
    "task_id": ID + "4",
    "project_id": ID + "2",
    "key": "OPS-1",
    "title": "Renew the certificate",
    "status": {"id": ID + "5", "name": "To do", "category": "todo"},
    "priority": "high",
    "due": "2026-12-24",
    "assignees": [ID + "1"],
    "watchers": [ID + "1"],
    "changes": {"priority": ["none", "high"]},
}
ASSIGNED = {**TASK, "user_ids": [ID + "1"]}
COMMENT = {**ASSIGNED, "comment_id": ID + "6", "text": "@ada please look"}
EDITED_COMMENT = {**TASK, "changes": {}, "comment_id": ID + "6", "text": "@ada please look at it today"}
DELETED_COMMENT = {**TASK, "changes": {}, "comment_id": ID + "6"}
STATUS = {
    "status_id": ID + "5",
    "project_id": ID + "2",
    "project_key": "OPS",
    "name": "In review",
    "category": "in_progress",
    "position": 3,
    "is_default": False,
    "changes": {"name": ["Review", "In review"]},
}
REMINDER = {
    "reminder_id": ID + "7",
    "user_id": ID + "1",
    "task_id": ID + "4",
    "project_id": ID + "2",
    "key": "OPS-1",
    "title": "Renew the certificate",
    "due": "2026-12-24",
    "rule": "-P1D",
    "fire_at": "2026-12-24T00:00:00Z",
    "late_by": 0,
}
NOTIFIED = {"user_ids": [ID + "1"]}
TESTED = {"test_id": ID + "a", "user_id": ID + "1"}
FAILED = {"operation_id": ID + "8", "service": "task", "name": "task.create", "user_id": ID + "1"}
