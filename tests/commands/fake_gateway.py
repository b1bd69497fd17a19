"""A gateway with all services in memory, as far as the demo uses them; it can be made slow, strict or broken."""

import json
from collections import Counter
from typing import Any
from uuid import uuid4

from aiohttp import web

CATEGORIES = ("backlog", "todo", "in_progress", "done", "cancelled")
Outcome = tuple[int, Any]


class FakeGateway:
    """Counts what it was asked; `limit_every`, `pend_every` and `fails_after` make it difficult."""

    def __init__(self) -> None:
        self.accounts: dict[str, dict[str, Any]] = {}
        self.projects: dict[str, dict[str, Any]] = {}
        self.members: dict[str, dict[str, str]] = {}
        self.tasks: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.watchers: set[tuple[str, str]] = set()
        self.outcomes: dict[tuple[str, str], tuple[str, Outcome]] = {}
        self.operations: dict[str, Outcome] = {}
        self.requests: Counter[str] = Counter()
        self.unknown_for = 0
        self.limit_every = 0
        self.pend_every = 0
        self.fails_after: int | None = None
        self.away = False
        self._count = 0

    def application(self) -> web.Application:
        """To be served."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        return app

    async def _handle(self, request: web.Request) -> web.Response:
        if request.path == "/health/live":
            return web.json_response({"status": "live"})
        self._count += 1
        if self.limit_every and self._count % self.limit_every == 0:
            self.requests["limited"] += 1
            return web.json_response({"code": "too_many_requests"}, status=429, headers={"Retry-After": "7"})
        if self.away:
            return web.json_response({"detail": "The auth service can't be reached right now."}, status=503)
        if self.fails_after is not None and self._count > self.fails_after:
            return web.json_response({"detail": "A fault.", "request_id": "r1"}, status=500)
        if request.path == "/api/v1/auth/token":
            return self._token(await request.post())
        status, body = self._decide(request, await request.json() if request.can_read_body else None)
        if self.pend_every and request.method != "GET" and self._count % self.pend_every == 0:
            operation = str(uuid4())
            self.operations[operation] = (status, body)
            location = f"/api/v1/operations/any/{operation}"
            return web.json_response({"id": operation}, status=202, headers={"Location": location})
        return web.json_response(body, status=status) if body is not None else web.Response(status=status)

    def _token(self, form: Any) -> web.Response:
        account = self.accounts.get(form["username"])
        if account is None or account["password"] != form["password"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": account["id"]})

    def _decide(self, request: web.Request, body: Any) -> Outcome:
        caller = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.requests[f"{request.method} {request.path.split('/')[-1]}"] += 1
        if request.method == "GET":
            return self._read(caller, request.path.split("/")[3:])
        fingerprint = json.dumps([request.method, request.path, body])
        key = (caller or fingerprint, request.headers["Idempotency-Key"])
        if key not in self.outcomes:
            self.outcomes[key] = (fingerprint, self._write(caller, request.path.split("/")[3:], body))
        known, outcome = self.outcomes[key]
        return outcome if known == fingerprint else (422, {"code": "idempotency_key_reused", "detail": "Reused."})

    def _read(self, caller: str, path: list[str]) -> Outcome:
        match path:
            case ["operations", _, operation]:
                status, body = self.operations.pop(operation)
                shown = {"state": "rejected", "problem": body} if status >= 400 else {"state": "done", "result": body}
                return 200, shown
            case ["users", "me"]:
                return 200, {"id": caller}
            case ["projects", reference]:
                project = self._project(caller, reference)
                return (200, project) if project else (404, {"code": "not_found"})
            case ["projects", project, "members"]:
                return 200, _page([{"user_id": user} for user in self.members[project]])
            case ["projects", project, "statuses"]:
                return 200, {"items": [{"id": f"{project} {name}", "category": name} for name in CATEGORIES]}
            case ["projects", project, "tasks"]:
                return 200, _page([task for task in self.tasks.values() if task["project_id"] == project])
            case ["tasks", task, "comments"]:
                return 200, _page(self.comments.get(task, []))
            case ["tasks", task]:
                return (200, self.tasks[task]) if task in self.tasks else (404, {"code": "not_found"})
        raise AssertionError(path)

    def _write(self, caller: str, path: list[str], body: Any) -> Outcome:
        match path:
            case ["auth", "register"]:
                account = {"id": str(uuid4()), "role": "user" if self.accounts else "admin", **body}
                self.accounts.setdefault(body["email"], account)
                return 201, {"id": account["id"]}
            case ["projects"]:
                if any(project["key"] == body["key"] for project in self.projects.values()):
                    return 409, {"code": "key_in_use"}
                project = {"id": str(uuid4()), "created_at": "2026-11-22T10:07:31.250Z", **body}
                self.projects[project["id"]] = project
                self.members[project["id"]] = {caller: "owner"}
                return 201, project
            case ["projects", project, "members", user]:
                self.members[project][user] = body["role"]
                return 200, body
            case ["projects", project, "tasks"]:
                return self._create(caller, project, body)
            case ["tasks", task, "watchers", user]:
                self.watchers.add((task, user))
                return 204, None
            case ["tasks", task, "comments"]:
                comment = {"id": str(uuid4()), "author_id": caller, **body}
                self.comments.setdefault(task, []).append(comment)
                return 201, comment
            case ["tasks", task, "completion"]:
                self.tasks[task]["completed_at"] = "2026-11-22T10:08:00Z"
                return 200, self.tasks[task]
        raise AssertionError(path)

    def _create(self, caller: str, project: str, body: Any) -> Outcome:
        if self.unknown_for:
            self.unknown_for -= 1
            return 404, {"code": "not_found", "detail": "There is no such project yet."}
        if {caller, *body["assignees"]} - self.members[project].keys():
            return 422, {"code": "not_a_member", "detail": "Not a member."}
        task = {"id": str(uuid4()), "project_id": project, "created_by": caller, "completed_at": None, **body}
        self.tasks[task["id"]] = task
        return 201, task

    def _project(self, caller: str, reference: str) -> dict[str, Any] | None:
        for project in self.projects.values():
            if reference in {project["id"], project["key"]} and caller in self.members[project["id"]]:
                return project
        return None


def _page(items: list[Any]) -> dict[str, Any]:
    return {"items": items, "next_cursor": None}
