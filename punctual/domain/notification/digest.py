"""What is told in a digest: by project, then by task, in the order in which it happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

MOST_LINES = 200


@dataclass(slots=True)
class Topic:
    """A task with what happened to it; without a key what belongs to none."""

    key: str | None
    title: str
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """A project with its topics; without a key what belongs to none."""

    key: str | None
    name: str
    topics: dict[str, Topic] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contents:
    """All of it; `left_out` is how many lines would have been too many."""

    sections: list[Section]
    total: int
    left_out: int


def contents(items: Iterable[dict[str, Any]]) -> Contents:
    """Items with `title`, `data`, `project_key` and `project_name`, as they are now, in their order, put together."""
    sections: dict[str | None, Section] = {}
    total = 0
    for item in items:
        total += 1
        if total > MOST_LINES:
            continue
        facts = item["data"]
        key = item["project_key"] or project_key(facts)
        name = facts.get("project_name") or item["project_name"] or key or "Punctual"
        section = sections.setdefault(key, Section(key, name))
        task = f"{key}-{facts['key'].rpartition('-')[2]}" if facts.get("key") else None
        topic = section.topics.setdefault(task or "", Topic(task, facts.get("task_title", "")))
        topic.lines.append(item["title"])
    return Contents(list(sections.values()), total, max(0, total - MOST_LINES))


def project_key(facts: dict[str, Any]) -> str | None:
    """The key of the project that a notification is about."""
    if key := facts.get("project_key"):
        return str(key)
    return str(facts["key"]).rpartition("-")[0] if "key" in facts else None
