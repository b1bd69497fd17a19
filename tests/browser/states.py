"""Every page and state that there is to look at, by name: an address, or how one gets there."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from punctual.domain.notification import Unsubscription
from tests.browser.chromium import sign_in
from tests.browser.conftest import PASSWORD, first_person
from tests.flows.client import ApiClient
from tests.flows.stack import Stack

Way = str | Callable[[Any, "Scene"], None]
TOKEN = "x" * 24
STREAM = re.compile(r"/live(\?|$)")


class Scene:
    """What the states are about: the demo's administrator, and somebody who has nothing yet."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.email, _ = first_person(stack)
        self.api = ApiClient(stack.url, self.email).sign_in()
        self.newcomer = ApiClient(stack.url, f"{uuid4().hex}@example.org").register("Nora Newcomer")
        self.empty = "E" + uuid4().hex[:5].upper()
        self.newcomer.post("/api/v1/projects", {"key": self.empty, "name": "Nothing in it"})
        self.archived = "A" + uuid4().hex[:5].upper()
        self.newcomer.post("/api/v1/projects", {"key": self.archived, "name": "Last year"})
        self.newcomer.put(f"/api/v1/projects/{self.archived}/archive")
        led = "SELECT key FROM project JOIN member ON project_id = project.id JOIN person USING (user_id) WHERE"
        led += " email = %s AND role = 'admin' AND NOT archived AND NOT deleted ORDER BY last_number DESC LIMIT 1"
        self.project = str(stack.sql("task", led, (self.email,))[0][0])
        self.unsubscription = an_unsubscription(stack)
        stack.sql(
            "task",
            "INSERT INTO dead_letter (id, queue, actor, message, body, error, attempts, died_at) VALUES"
            """ (gen_random_uuid(), 'task', 'task.create', '{"args": [], "kwargs": {"title": "Order chairs"}}', '',"""
            " 'ZeroDivisionError: division by zero', 4, now())",
        )


def an_unsubscription(stack: Stack) -> str:
    """The address at the end of an e-mail to somebody."""
    ((user_id, number, secret),) = stack.sql(
        "notification", "SELECT user_id, number, secret FROM person, unsubscription_key LIMIT 1"
    )
    return "/unsubscriptions/" + Unsubscription.signed(UUID(str(user_id)), "task.assigned", number, bytes(secret)).token


def _task(scene: Scene) -> str:
    path = f"/api/v1/projects/{scene.project}/tasks"
    return str(scene.api.post(path, {"title": "Two people at once", "description": "As it was."})["key"])


def conflict(page: Any, scene: Scene) -> None:
    key = _task(scene)
    page.goto(f"/tasks/{key}")
    # Without the stream, which would tell of the change.
    page.route(STREAM, lambda route: route.fulfill(status=204))
    page.reload()
    page.locator("#edit > summary").click()
    page.get_by_label("Title").fill("What I want")
    page.get_by_label("Description").fill("My description.")
    scene.api.patch(f"/api/v1/tasks/{key}", {"title": "What they want", "description": "Theirs."})
    page.locator("#text-form").get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Somebody was faster").wait_for()
    page.unroute(STREAM)


def rejected(page: Any, scene: Scene) -> None:
    body = {"title": "x", "status_id": str(uuid4())}
    path = f"/api/v1/projects/{scene.project}/tasks"
    answer = scene.api.request("POST", path, body, Prefer="respond-async")
    page.wait_for_timeout(1000)
    page.goto(answer.headers["Location"].removeprefix("/api/v1"))


def followed(*steps: str) -> Way:
    """Open the first address, and then the first link that matches each selector."""

    def way(page: Any, _scene: Scene) -> None:
        page.goto(steps[0])
        for selector in steps[1:]:
            page.locator(selector).first.click()
            page.wait_for_load_state("load")

    return way


def keyed(address: str, *keys: str, typed: str = "") -> Way:
    """Press keys there, and type."""

    def way(page: Any, scene: Scene) -> None:
        page.goto(address.format(project=scene.project))
        for key in keys:
            page.keyboard.press(key)
        page.keyboard.type(typed)
        page.wait_for_timeout(900)

    return way


def sent(address: str, button: str, **fields: str) -> Way:
    """Fill in a form so that it is refused."""

    def way(page: Any, scene: Scene) -> None:
        page.goto(address.format(project=scene.project))
        for label, text in fields.items():
            page.get_by_label(label.replace("_", "-"), exact=True).first.fill(text)
        page.locator(f"form:has(button:text-is('{button}'))").first.evaluate("form => (form.noValidate = true)")
        page.get_by_role("button", name=button, exact=True).first.click()
        page.wait_for_timeout(500)

    return way


def deletion(page: Any, scene: Scene) -> None:
    page.goto(f"/projects/{scene.empty}/settings")
    page.locator("input[name=confirmation]").fill("NO")
    page.get_by_role("button", name="Delete the project").click()
    page.wait_for_timeout(500)


def chosen(page: Any, scene: Scene) -> None:
    page.goto(f"/projects/{scene.project}/list")
    for box in page.locator("tbody [name=tasks]").all()[:3]:
        box.check()


def moving(page: Any, scene: Scene) -> None:
    page.goto(f"/projects/{scene.project}")
    page.locator(".ticket .task-link").first.focus()
    page.keyboard.press("m")


def editing(page: Any, scene: Scene) -> None:
    page.goto(f"/tasks/{scene.project}-1")
    page.locator("#edit > summary").click()
    page.locator("#text-form").get_by_role("button", name="Preview").click()
    page.locator("#text-preview .prose").wait_for()


STRANGER: Mapping[str, Way] = {
    **{path: path for path in ("/sign-in", "/register", "/forgotten-password", "/nowhere")},
    **{f"{path}": f"{path}/{TOKEN}" for path in ("/password-resets", "/email-verifications", "/unsubscriptions")},
    "unsubscription": "{unsubscription}",
    "wrong password": sent("/sign-in", "Sign in", E_mail="a@example.org", Password="wrong password"),
    "register, refused": sent("/register", "Create the account", Name="", Password="short"),
    "forgotten, asked": sent("/forgotten-password", "Send the link", E_mail="a@example.org"),
}
NEWCOMER: Mapping[str, Way] = {
    **{f"empty {path}": path for path in ("/", "/projects", "/inbox", "/inbox?muted=1", "/search?q=zeppelin")},
    **{f"empty board{path}": f"/projects/{{empty}}{path}" for path in ("", "/list", "/calendar")},
    "nothing fits": "/projects/{empty}?q=zeppelin",
    **{f"own{path}": f"/projects/{{empty}}{path}" for path in ("/settings", "/settings/statuses", "/settings/people")},
    "deletion, refused": deletion,
    **{f"archived{path}": f"/projects/{{archived}}{path}" for path in ("", "/settings")},
    "not an administrator": "/administration",
    "not a member": "/projects/{project}",
}
ADMIN: Mapping[str, Way] = {
    **{
        path: path
        for path in (
            *("/", "/projects", "/projects?archived=true", "/projects/new", "/inbox", "/inbox?muted=1"),
            *("/search", "/search?q=the", "/quick-add", "/quick-add?line=Pay+tomorrow+!high+%40nobody+%23{project}"),
            *("/settings", "/settings/security", "/settings/reminders", "/settings/notifications"),
            *("/administration", "/administration/people", "/administration/deliveries"),
            *("/administration/dead-letters", "/projects/{project}", "/projects/{project}/list"),
            *("/projects/{project}/list?status=all", "/projects/{project}/calendar", "/projects/{project}/tasks/new"),
            *("/projects/{project}/settings", "/projects/{project}/settings/statuses"),
            *("/projects/{project}/settings/people", "/tasks/{project}-1", "/tasks/{project}-2"),
            f"/operations/task/{'0' * 8}-0000-7000-8000-{'0' * 12}",
        )
    },
    "/invitations": f"/invitations/{TOKEN}",
    "why": followed("/inbox", "a[aria-label^='Why']"),
    "dead letter": followed("/administration/dead-letters", ".line-main a"),
    "test notification": followed("/settings/notifications", "text=Send me a test notification", "#test"),
    "conflict": conflict,
    "operation, rejected": rejected,
    "project, refused": sent("/projects/new", "Create the project", Name="", Key="1"),
    "quick add": keyed("/", "c", typed="Pay rent tomorrow 9:00 !high @nobody"),
    "names": keyed("/tasks/{project}-1", "m", typed="Look, @"),
    "palette": keyed("/", "Control+k", typed="o"),
    "shortcuts": keyed("/", "?"),
    "menu": followed("/", "details.menu summary"),
    "new task": followed("/projects", ".project-link", ".new-task summary"),
    "moving": moving,
    "chosen": chosen,
    "editing": editing,
}


def windows(stack: Stack, window: Callable[[], Any]) -> list[tuple[Scene, Any, Mapping[str, Way]]]:
    """A window of each person, with what they are to look at."""
    scene, pages = Scene(stack), [window() for _ in range(3)]
    sign_in(pages[1], scene.newcomer.email, PASSWORD)
    sign_in(pages[2], scene.email, PASSWORD)
    return [(scene, page, ways) for page, ways in zip(pages, (STRANGER, NEWCOMER, ADMIN), strict=True)]


def go(page: Any, scene: Scene, way: Way) -> None:
    """Get there."""
    if callable(way):
        way(page, scene)
    else:
        page.goto(way.format_map(vars(scene)))
