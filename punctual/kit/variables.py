"""Every variable of the environment that Punctual reads, with what it is; docs/operations.md shows this table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """`<SERVICE>` in a name stands for each service. An empty default means that there is none."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable("PUNCTUAL_HOST", "127.0.0.1", "where the gateway listens"),
    Variable("PUNCTUAL_PORT", "8080", "its port"),
    Variable(
        "PUNCTUAL_PUBLIC_URL",
        "http://localhost:8080",
        "its address as people see it: links in mail, issuer of tokens (with another port, that of PUNCTUAL_PORT)",
    ),
    Variable(
        "PUNCTUAL_URL_<SERVICE>",
        "http://127.0.0.1:8101 … 8106",
        "where a service (auth, user, project, task, notification, dashboard) listens and is found, never public; for"
        " the gateway a list, separated by commas, where it runs several times: they take turns",
    ),
    Variable("PUNCTUAL_SERVICE_HOST", "", "where a service listens, if not at its URL's name; 0.0.0.0 in a container"),
    Variable(
        "PUNCTUAL_DATABASE_URL_<SERVICE>",
        "postgresql://localhost/<service>_db",
        "its database, as the role of the workers (writes)",
    ),
    Variable("PUNCTUAL_DATABASE_READER_URL_<SERVICE>", "the same", "as the role of the HTTP processes (SELECT only)"),
    Variable(
        "PUNCTUAL_DATABASE_OWNER_URL_<SERVICE>", "the same", "as the owner: for migrate, backup, restore and doctor"
    ),
    Variable("PUNCTUAL_DATABASE_ADMIN_URL", "", "a superuser of PostgreSQL, for migrate --create alone"),
    Variable(
        "PUNCTUAL_AMQP_URL",
        "amqp://guest:guest@127.0.0.1:5672",
        "RabbitMQ 3.10 or newer; the nodes of a cluster as a list, separated by commas",
    ),
    Variable(
        "PUNCTUAL_QUORUM_QUEUES", "off", "on declares quorum queues, for a RabbitMQ cluster (before the first migrate)"
    ),
    Variable(
        "PUNCTUAL_SMTP_URL",
        "",
        "smtp://, smtps:// or smtp+starttls://, then [user:password@]host[:port]; without it, in-app only",
    ),
    Variable("PUNCTUAL_MAIL_FROM", "Punctual <punctual@localhost>", "the sender of mail"),
    Variable(
        "PUNCTUAL_SESSION_KEY",
        "",
        "at least 32 characters, the same in each process; the dashboard encrypts its cookies with it and proves to"
        " auth who it is; a new one signs everybody out of the dashboard",
    ),
    Variable("PUNCTUAL_RATE_LIMIT", "on", "off for benchmarks on loopback"),
    Variable("PUNCTUAL_RATE_LIMIT_STORAGE", "memory://", "redis://… where several gateways share the limits"),
    Variable("PUNCTUAL_TRUSTED_PROXIES", "0", "how many proxies before the gateway may be believed in X-Forwarded-For"),
    Variable("PUNCTUAL_CORS_ORIGINS", "", "origins of browser programs, separated by spaces or commas"),
    Variable("PUNCTUAL_LOG_LEVEL", "info", "debug, info, warning or error"),
    Variable("PUNCTUAL_WORKER_THREADS", "4", "threads of a worker, 1 to 64; one for mail alone has 8, or --threads"),
    Variable("PUNCTUAL_METRICS_PORT", "", "the port of /metrics, one for each process; without it there are none"),
    Variable("PUNCTUAL_METRICS_HOST", "127.0.0.1", "where it listens; 0.0.0.0 in a container"),
    Variable("PUNCTUAL_TRACES", "", "the URL of an OpenTelemetry collector; without it there are no traces"),
    Variable("PUNCTUAL_HEARTBEAT_FILE", "", "a file that is touched every few seconds, a sign of life"),
    Variable("PUNCTUAL_WORKERS", "1", "how many workers make run starts"),
    Variable("PUNCTUAL_SCHEDULERS", "1", "how many schedulers make run starts"),
    Variable("PUNCTUAL_DEMO_PASSWORD", "a known one", "the password of the people whom make demo makes"),
    Variable("PUNCTUAL_MAIL_CATCHER_SMTP_PORT", "8125", "where punctual mail-catcher takes mail"),
    Variable("PUNCTUAL_MAIL_CATCHER_HTTP_PORT", "8126", "where it shows it"),
    Variable("PUNCTUAL_MAIL_CATCHER_DIRECTORY", ".local/mail", "where it keeps it"),
)
# The local stack marks its processes with these; they mean nothing to anybody else.
MARKS = frozenset({"PUNCTUAL_LOCAL_DIRECTORY", "PUNCTUAL_LOCAL_PROCESS"})


def table() -> str:
    """All of them as a table in Markdown."""
    rows = [
        f"| `{each.name}` | {f'`{each.default}`' if each.default else 'none'} | {each.meaning} |" for each in VARIABLES
    ]
    return "\n".join(["| variable | default | what it is |", "|---|---|---|", *rows])
