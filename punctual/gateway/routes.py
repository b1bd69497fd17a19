"""The routing table: every public path, the service behind it, who may call it and how often.

What isn't listed isn't there: a service's internal paths are out of reach because no row names them.
"""

from dataclasses import dataclass

from punctual.gateway.rates import Rate
from punctual.kit.settings import DASHBOARD, SERVICES
from punctual.kit.web import Auth

GATEWAY = "gateway"
# Addresses that begin so are for programs; every other one is a page of the dashboard's.
FOR_PROGRAMS = frozenset({"api", "health", "internal", ".well-known"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Row:
    """Methods (GET implies HEAD) on a path of a service. Without a rate it counts as a read or a write."""

    methods: str
    path: str
    service: str
    auth: Auth = Auth.SIGNED_IN
    rate: Rate | None = None
    stream: bool = False

    def rate_of(self, method: str) -> Rate:
        """Which limits a request counts against."""
        return self.rate or (Rate.READ if method in SAFE_METHODS else Rate.WRITE)


_AUTH = "/api/v1/auth"
_USER = "/api/v1/users/{id}"
_PROJECT = "/api/v1/projects/{project}"
_TASK = "/api/v1/tasks/{task}"
_NOTIFICATIONS = "/api/v1/notifications"
_OPEN, _ADMIN = Auth.OPEN, Auth.ADMIN

OWN_ROWS = (
    Row("GET", "/health/live", GATEWAY, _OPEN, Rate.UNLIMITED),
    Row("GET", "/health/ready", GATEWAY, _OPEN, Rate.UNLIMITED),
    Row("GET", "/api/openapi.json", GATEWAY, _OPEN),
    Row("GET", "/api/docs", GATEWAY, _OPEN),
    Row("GET", "/api/docs/style.css", GATEWAY, _OPEN),
)
AUTH_ROWS = (
    Row("GET", "/.well-known/jwks.json", "auth", _OPEN),
    Row("GET", "/.well-known/oauth-authorization-server", "auth", _OPEN),
    Row("POST", f"{_AUTH}/register", "auth", _OPEN, Rate.SIGN_UP),
    Row("POST", f"{_AUTH}/token", "auth", _OPEN, Rate.SIGN_IN),
    Row("POST", f"{_AUTH}/revoke", "auth", _OPEN, Rate.SIGN_IN),
    Row("GET DELETE", f"{_AUTH}/sessions", "auth"),
    Row("GET DELETE", f"{_AUTH}/sessions/{{id}}", "auth"),
    Row("PUT", f"{_AUTH}/password", "auth", rate=Rate.SIGN_IN),
    Row("POST", f"{_AUTH}/password-resets", "auth", _OPEN, Rate.SIGN_UP),
    Row("PUT", f"{_AUTH}/password-resets/{{token}}", "auth", _OPEN, Rate.SIGN_UP),
    Row("POST", f"{_AUTH}/email-verifications", "auth", rate=Rate.SIGN_UP),
    Row("PUT", f"{_AUTH}/email-verifications/{{token}}", "auth", _OPEN, Rate.SIGN_UP),
)
USER_ROWS = (
    Row("GET", "/api/v1/users", "user"),
    Row("GET PATCH", "/api/v1/users/me", "user"),
    Row("GET", _USER, "user"),
    Row("PUT", f"{_USER}/role", "user", _ADMIN),
    Row("PUT DELETE", f"{_USER}/deactivation", "user", _ADMIN),
)
PROJECT_ROWS = (
    Row("GET POST", "/api/v1/projects", "project"),
    Row("GET PATCH DELETE", _PROJECT, "project"),
    Row("PUT DELETE", f"{_PROJECT}/archive", "project"),
    Row("GET", f"{_PROJECT}/members", "project"),
    Row("PUT DELETE", f"{_PROJECT}/members/{{user_id}}", "project"),
    Row("GET POST", f"{_PROJECT}/invitations", "project"),
    Row("DELETE", f"{_PROJECT}/invitations/{{id}}", "project"),
    Row("PUT", "/api/v1/invitations/{token}", "project"),
)
TASK_ROWS = (
    Row("GET POST", f"{_PROJECT}/statuses", "task"),
    Row("PATCH DELETE", f"{_PROJECT}/statuses/{{id}}", "task"),
    Row("GET POST PATCH", f"{_PROJECT}/tasks", "task"),
    Row("GET", "/api/v1/tasks", "task"),
    Row("GET", "/api/v1/task-counts", "task"),
    Row("GET", f"{_PROJECT}/task-counts", "task"),
    Row("GET", f"{_PROJECT}/board", "task"),
    Row("GET", f"{_PROJECT}/stream", "task", rate=Rate.STREAM, stream=True),
    Row("POST", "/api/v1/task-drafts", "task", rate=Rate.READ),
    Row("GET PATCH DELETE", _TASK, "task"),
    Row("PUT DELETE", f"{_TASK}/assignees/{{user_id}}", "task"),
    Row("GET", f"{_TASK}/watchers", "task"),
    Row("PUT DELETE", f"{_TASK}/watchers/{{user_id}}", "task"),
    Row("PUT DELETE", f"{_TASK}/completion", "task"),
    Row("GET POST", f"{_TASK}/comments", "task"),
    Row("PATCH DELETE", f"{_TASK}/comments/{{id}}", "task"),
    Row("GET", f"{_TASK}/history", "task"),
    Row("GET PUT", f"{_TASK}/reminders", "task"),
    Row("GET PUT", "/api/v1/reminder-rules", "task"),
)
NOTIFICATION_ROWS = (
    Row("GET", _NOTIFICATIONS, "notification"),
    Row("GET", "/api/v1/notification-groups", "notification"),
    Row("GET", f"{_NOTIFICATIONS}/count", "notification"),
    Row("PUT", f"{_NOTIFICATIONS}/reading", "notification"),
    Row("GET", f"{_NOTIFICATIONS}/stream", "notification", rate=Rate.STREAM, stream=True),
    Row("GET", f"{_NOTIFICATIONS}/{{id}}", "notification"),
    Row("PUT DELETE", f"{_NOTIFICATIONS}/{{id}}/reading", "notification"),
    Row("GET", f"{_NOTIFICATIONS}/{{id}}/deliveries", "notification"),
    Row("GET PUT", "/api/v1/notification-preferences", "notification"),
    Row("GET POST", "/api/v1/unsubscriptions/{token}", "notification", _OPEN, Rate.SIGN_UP),
    Row("POST", "/api/v1/notification-tests", "notification", rate=Rate.SIGN_UP),
    Row("GET", "/api/v1/notification-tests/{id}", "notification"),
    Row("GET", "/api/v1/deliveries", "notification"),
)
# A registration may be answered with 202 before there is an account to sign in with: auth's operations are
# open here, and the service shows a stranger only what a stranger began.
OPERATION_ROWS = tuple(
    Row("GET", f"/api/v1/operations/{service}/{{id}}", service, _OPEN if service == "auth" else Auth.SIGNED_IN)
    for service in SERVICES
)
DEAD_LETTER_ROWS = tuple(
    row
    for service in SERVICES
    for row in (
        Row("GET", f"/api/v1/dead-letters/{service}", service, _ADMIN),
        Row("GET DELETE", f"/api/v1/dead-letters/{service}/{{id}}", service, _ADMIN),
        Row("POST", f"/api/v1/dead-letters/{service}/{{id}}/replays", service, _ADMIN),
    )
)
QUEUE_ROWS = tuple(Row("GET", f"/api/v1/queues/{service}", service, _ADMIN) for service in SERVICES)
ROWS = (
    *OWN_ROWS,
    *AUTH_ROWS,
    *USER_ROWS,
    *PROJECT_ROWS,
    *TASK_ROWS,
    *NOTIFICATION_ROWS,
    *OPERATION_ROWS,
    *DEAD_LETTER_ROWS,
    *QUEUE_ROWS,
)
# The dashboard knows its pages itself, and whose cookie it is. What guesses, sends mail or lasts is counted apart.
ANY_PAGE = Row("GET POST", "/", DASHBOARD, _OPEN, Rate.PAGE)
PAGES = (
    Row("GET", "/live", DASHBOARD, _OPEN, Rate.STREAM, stream=True),
    *(
        row
        for path, rate in (
            ("/sign-in", Rate.SIGN_IN),
            ("/register", Rate.SIGN_UP),
            ("/forgotten-password", Rate.SIGN_UP),
            ("/password-resets/{token}", Rate.SIGN_UP),
            ("/email-verifications/{token}", Rate.SIGN_UP),
            ("/unsubscriptions/{token}", Rate.SIGN_UP),
        )
        for row in (Row("GET", path, DASHBOARD, _OPEN, Rate.PAGE), Row("POST", path, DASHBOARD, _OPEN, rate))
    ),
    ANY_PAGE,
)
