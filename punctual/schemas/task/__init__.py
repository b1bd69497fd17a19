"""Shapes of tasks, drafts, statuses, comments, history and reminders."""

from punctual.schemas.task.board import Board, StreamQuery
from punctual.schemas.task.bulk import BulkChange, BulkOutcome, BulkOutcomes, TaskChanges
from punctual.schemas.task.details import Comment, CommentIn, History, Watcher
from punctual.schemas.task.drafts import DraftPart, DraftProblem, DraftProject, QuickAdd, TaskDraft
from punctual.schemas.task.reminders import Reminder, Rules, RulesIn, TaskReminders
from punctual.schemas.task.statuses import ProjectCounts, Status, StatusCounts, StatusIn
from punctual.schemas.task.tasks import Assignee, BoardQuery, Due, StatusName, Task, TaskIn, TaskQuery

__all__ = [
    "Assignee",
    "Board",
    "BoardQuery",
    "BulkChange",
    "BulkOutcome",
    "BulkOutcomes",
    "Comment",
    "CommentIn",
    "DraftPart",
    "DraftProblem",
    "DraftProject",
    "Due",
    "History",
    "ProjectCounts",
    "QuickAdd",
    "Reminder",
    "Rules",
    "RulesIn",
    "Status",
    "StatusCounts",
    "StatusIn",
    "StatusName",
    "StreamQuery",
    "Task",
    "TaskChanges",
    "TaskDraft",
    "TaskIn",
    "TaskQuery",
    "TaskReminders",
    "Watcher",
]
