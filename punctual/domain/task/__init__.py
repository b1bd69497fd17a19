"""The rules of tasks, their deadlines and their reminders."""
