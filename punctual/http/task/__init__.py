"""The task service: tasks, drafts, statuses, comments, history, watchers, reminders, and a live stream."""

from punctual.http import dead_letters, operations, queues
from punctual.http.task import board, comments, counts, drafts, reminders, statuses, streams, tasks, watchers

ROUTES = [
    *tasks.ROUTES,
    *drafts.ROUTES,
    *counts.ROUTES,
    *board.ROUTES,
    *statuses.ROUTES,
    *comments.ROUTES,
    *watchers.ROUTES,
    *reminders.ROUTES,
    *streams.ROUTES,
    *operations.routes("task"),
    *dead_letters.routes("task"),
    *queues.routes("task"),
]
