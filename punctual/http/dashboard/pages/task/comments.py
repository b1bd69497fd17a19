"""Comments: said, changed and deleted."""

from aiohttp import web

from punctual.http.dashboard import edits
from punctual.http.dashboard.client import api
from punctual.http.dashboard.forms import Form
from punctual.http.dashboard.pages.task.showing import page
from punctual.http.dashboard.problems import Problem
from punctual.http.dashboard.rendering import settle
from punctual.http.dashboard.routing import Page


async def say(request: web.Request) -> web.Response:
    """Add a comment, or show how it would look."""
    form, key = Form.of(request), request.match_info["task"]
    if form["preview"]:
        return await page(request, again="comment", form=form, preview=form["text"])
    try:
        answer = await api(request).post("task", f"/tasks/{key}/comments", form.text("text"))
    except Problem as problem:
        form.reject(problem, "text")
        return await page(request, again="comment", form=form)
    place = "comments" if answer.pending else f"comment-{answer.body['id']}"
    return settle(request, answer, f"/tasks/{key}#{place}")


async def change(request: web.Request) -> web.Response:
    """Say it otherwise, or with `delete` take it back."""
    form, key, comment = Form.of(request), request.match_info["task"], request.match_info["id"]
    address = f"/tasks/{key}/comments/{comment}"
    try:
        if form["delete"]:
            answer = await api(request).delete("task", address)
            return settle(request, answer, f"/tasks/{key}#comments", "The comment is deleted.")
        answer = await api(request).patch("task", address, form.text("text"), version=edits.version(form))
    except Problem as problem:
        form.reject(problem, "text")
        if problem.status == 412 and problem.current:
            form = _newer(form, problem)
        return await page(request, again=f"comment-{comment}", form=form)
    return settle(request, answer, f"/tasks/{key}#comment-{comment}", "The comment is changed.")


def _newer(form: Form, problem: Problem) -> Form:
    """The same text, to be saved over the one that stands there now."""
    current = problem.current or {}
    again = Form({"text": form["text"], "version": current["version"]})
    again.status = problem.status
    again.fault = f"It was changed elsewhere and reads now: “{current['text']}”. Save yours over it, or leave it."
    return again


PAGES = [
    Page("POST", "/tasks/{task}/comments", say),
    Page("POST", "/tasks/{task}/comments/{id}", change),
]
