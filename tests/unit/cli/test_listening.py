"""The socket that web processes share: answers leave at once."""

import socket

from service.cli.serving import _listen


def test_an_answer_does_not_wait_for_the_reader_to_acknowledge_its_first_packet() -> None:
    with _listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
