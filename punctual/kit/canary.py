"""The canary: somebody who isn't there, reminded every minute by the same way as everybody else.

Whether its reminders arrive says whether anybody's do. It has no account, project or address that people meet:
task knows it as the one member of a project of its own, notification keeps the newest of its notifications.
"""

from uuid import UUID

# Its person, its project, that one's status and its task.
CANARY = UUID("ca4a2900-0000-7000-8000-000000000000")
SECONDS = 60
