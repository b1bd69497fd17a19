"""Quick add: one line of text understood as a task, by a fixed grammar."""

from punctual.domain.task.quick_add.reading import Draft, Part, Place, Problem, named_keys, project_of, read

__all__ = ["Draft", "Part", "Place", "Problem", "named_keys", "project_of", "read"]
