"""The connection for reading: given up in time, and opened anew by whoever needs it next."""

import socket
from urllib.parse import urlsplit

import pika
import pytest
from dramatiq.errors import ConnectionClosed

from punctual.kit.intake import Intake


def test_a_server_that_never_answers_is_given_up_and_the_next_try_finds_another(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        servers = [pika.ConnectionParameters("127.0.0.1", mute.getsockname()[1])]
        intake = Intake(lambda: servers, patience=0.2)

        with pytest.raises(ConnectionClosed, match="doesn't answer in time"):
            intake.channel(1, lambda _: None)
        servers[:] = [pika.URLParameters(environment["PUNCTUAL_AMQP_URL"])]
        intake._patience = 10

        assert intake.channel(1, lambda _: None).is_open
        intake.close()


def test_who_is_refused_hears_it_at_once(environment: dict[str, str]) -> None:
    url = environment["PUNCTUAL_AMQP_URL"]
    stranger = url.replace(urlsplit(url).password or "", "wrong")

    with pytest.raises(ConnectionClosed):
        Intake(lambda: [pika.URLParameters(stranger)]).channel(1, lambda _: None)
