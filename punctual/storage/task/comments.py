"""Comments in task_db."""

from uuid import UUID

from punctual.domain.task.comment import Comment
from punctual.kit.errors import NotFound
from punctual.kit.transactions import Transaction


def load(transaction: Transaction, task_id: UUID, comment_id: UUID) -> Comment:
    """A comment of the task, locked. Raises NotFound."""
    row = transaction.one(
        "SELECT id, task_id, author_id, text, mentions, created_at, updated_at, version FROM comment"
        " WHERE id = %s AND task_id = %s AND deleted_at IS NULL FOR UPDATE",
        (comment_id, task_id),
    )
    if row is None:
        raise NotFound(f"There is no comment {comment_id} on this task.")
    return Comment(**row)


def insert(transaction: Transaction, comment: Comment) -> None:
    """A new comment."""
    transaction.later(
        "INSERT INTO comment (id, task_id, author_id, text, mentions, created_at, updated_at, version)"
        " VALUES (%s, %s, %s, %s, %s::uuid[], %s, %s, %s)",
        (
            comment.id, comment.task_id, comment.author_id, comment.text, comment.mentions, comment.created_at,
            comment.updated_at, comment.version,
        ),
    )  # fmt: skip


def save(transaction: Transaction, comment: Comment) -> None:
    """What may change of a comment."""
    transaction.later(
        "UPDATE comment SET text = %s, mentions = %s::uuid[], updated_at = %s, version = %s WHERE id = %s",
        (comment.text, comment.mentions, comment.updated_at, comment.version, comment.id),
    )


def delete(transaction: Transaction, comment_id: UUID) -> None:
    """Mark a comment deleted; its text goes."""
    transaction.later("UPDATE comment SET deleted_at = %s, text = '' WHERE id = %s", (transaction.now, comment_id))
