"""One life of the local stack: servers, migrations, processes, readiness, and watching until the end."""

import time
from collections.abc import Callable, Mapping

from punctual.commands.local import databases, environment, install, lineup, saved_environment, scraping
from punctual.commands.local.console import complain, say
from punctual.commands.local.directory import Directory
from punctual.commands.local.errors import LocalError, StopRequested
from punctual.commands.local.gateway import Gateway
from punctual.commands.local.interruption import Interruption
from punctual.commands.local.logs import tail
from punctual.commands.local.postgres import PostgreSQL
from punctual.commands.local.processes import Command, end, how_it_ended, owned
from punctual.commands.local.rabbitmq import RabbitMQ
from punctual.commands.local.supervisor import Supervisor

READY_WITHIN = 90.0


class Stack:
    """All processes of one folder, under one supervisor."""

    def __init__(self, directory: Directory, interruption: Interruption) -> None:
        self._directory = directory
        self._interruption = interruption
        self._supervisor = Supervisor(directory)
        self._began = time.monotonic()

    def run(
        self,
        commands: Callable[[Mapping[str, str]], lineup.Tiers],
        migration: Callable[[Mapping[str, str]], Command],
    ) -> int:
        """Start, watch and stop. The exit status."""
        status = 1
        try:
            self._start(commands, migration)
            while True:
                self._pause(0.2)
        except LocalError as error:
            complain(str(error))
        except StopRequested:
            say("Stopping; Ctrl-C again hastens it ...")
            status = 0
        finally:
            wishes = self._interruption.wishes
            self._supervisor.stop(hurry=lambda: self._interruption.wishes > wishes)
        say(f"Punctual has stopped; its data stays in {self._directory.root}." if not status else "Stopped.")
        return status

    def _start(
        self,
        commands: Callable[[Mapping[str, str]], lineup.Tiers],
        migration: Callable[[Mapping[str, str]], Command],
    ) -> None:
        given = environment.given_by_user()
        gateway = Gateway(given)
        lineup.check(given)
        self._end_leftovers()
        gateway.expect_free_port()
        say(f"Starting Punctual in {self._directory.root} ...")
        variables = {**self._start_servers(given), "PUNCTUAL_PUBLIC_URL": gateway.public_url}
        saved_environment.write(self._directory, variables)
        self._migrate(migration(variables))
        for tier in scraping.with_metrics(self._directory, commands(variables), given):
            self._supervisor.start(*tier)
        self._wait_until_ready(gateway)
        self._supervisor.settled = True
        self._announce(gateway, variables)

    def _end_leftovers(self) -> None:
        postgres = PostgreSQL(self._directory).end_leftovers()
        if end(lambda: owned(self._directory)) or postgres:
            say("Ended what an earlier run had left running.")
        for stale in self._directory.pids.glob("*.pid"):
            stale.unlink()

    def _start_servers(self, given: Mapping[str, str]) -> dict[str, str]:
        postgres = PostgreSQL(self._directory) if environment.lacks_database(given) else None
        rabbitmq = RabbitMQ(self._directory) if not given.get("PUNCTUAL_AMQP_URL") else None
        install.ensure(self._directory.log("install"), postgresql=bool(postgres), rabbitmq=bool(rabbitmq))
        self._interruption.check()
        # RabbitMQ takes longest, so it begins first and PostgreSQL uses the time.
        self._supervisor.start(*(server for server in (rabbitmq, postgres) if server))
        if postgres:
            postgres.wait_until_ready(pause=self._pause)
            databases.create(postgres)
            say(f"  PostgreSQL   127.0.0.1:{postgres.port}")
        if rabbitmq:
            rabbitmq.wait_until_ready(pause=self._pause)
            say(f"  RabbitMQ     127.0.0.1:{rabbitmq.port}")
        return environment.assemble(self._directory, given, postgres, rabbitmq)

    def _migrate(self, command: Command) -> None:
        log = self._directory.log(command.name)
        begin = log.stat().st_size if log.exists() else 0
        process = command.launch(self._directory)
        try:
            while process.poll() is None:
                self._pause(0.03)
        finally:
            # Each migration is a transaction: ended early, it leaves nothing half done.
            process.terminate()
            process.wait()
            self._directory.pid(command.name).unlink(missing_ok=True)
        if process.returncode:
            raise LocalError(
                f"The migrations did not succeed: {command.name} {how_it_ended(process.returncode)}. "
                f"It said (in {log}):\n{tail(log, lines=40, since=begin)}"
            )
        say("  migrations   done")

    def _wait_until_ready(self, gateway: Gateway) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not gateway.ready():
            if time.monotonic() > deadline:
                raise LocalError(
                    f"Punctual is not ready after {READY_WITHIN:g} s. "
                    f"The gateway on port {gateway.port} said last: {gateway.answer}\n"
                    f"The logs tell more: {self._directory.logs}/gateway.log, services.log, worker-1.log"
                )
            self._pause(0.1)

    def _announce(self, gateway: Gateway, variables: Mapping[str, str]) -> None:
        lines = {
            "Punctual": gateway.public_url,
            "API documentation": f"{gateway.public_url}/api/docs",
            "Logs": f"{self._directory.logs}/",
        }
        if lineup.catches_mail(variables):
            port = variables["PUNCTUAL_MAIL_CATCHER_HTTP_PORT"]
            lines["E-mails"] = f"http://127.0.0.1:{port} (caught here, none leaves this machine)"
        say(f"\nPunctual is ready after {time.monotonic() - self._began:.1f} s.\n")
        for label, text in lines.items():
            say(f"  {label:<19}{text}")
        say("\nCtrl-C stops it and keeps the data.")

    def _pause(self, seconds: float) -> None:
        self._interruption.check()
        self._supervisor.check()
        time.sleep(seconds)
