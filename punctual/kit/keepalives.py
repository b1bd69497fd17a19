"""When a database connection is given up whose other side fell silent: who lost power or its route says no farewell."""

from typing import Any

# Left alone, Linux notices after more than two hours. Together: a minute, waiting or sending.
KEEPALIVES: dict[str, Any] = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
