"""Streamlit's own protocol, spoken without a browser: what a hand-made client could ask for."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.browser.running import Server

ANSWER_SECONDS = 30


@dataclass
class Wire:
    """An open websocket, as a tab has one. `buttons` are the ids of those of the last run."""

    socket: ClientConnection
    buttons: set[str] = field(default_factory=set)

    def run(self, page: str, *, query: str = "", pressed: Iterable[str] = ()) -> bytes:
        """Everything that is sent when this page runs with these buttons pressed, to its end."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        for number in pressed:
            message.rerun_script.widget_states.widgets.add(id=number, trigger_value=True)
        self.socket.send(message.SerializeToString())
        self.buttons = set()
        received = b""
        while True:
            data = self.socket.recv(timeout=ANSWER_SECONDS)
            assert isinstance(data, bytes)
            received += data
            answer = ForwardMsg()
            answer.ParseFromString(data)
            if answer.WhichOneof("type") == "script_finished":
                return received
            if answer.delta.new_element.WhichOneof("type") == "button":
                self.buttons.add(answer.delta.new_element.button.id)


@contextmanager
def open_wire(server: Server, headers: dict[str, str] | None = None) -> Iterator[Wire]:
    """A websocket to this server, with these headers."""
    address = server.address.replace("http://", "ws://") + "/_stcore/stream"
    with connect(
        address,
        subprotocols=[Subprotocol("streamlit")],
        origin=Origin(server.address),
        additional_headers={**(headers or {})},
        user_agent_header=None,
        max_size=None,
    ) as socket:
        yield Wire(socket)


def run_page(
    server: Server, page: str, *, query: str = "", headers: dict[str, str] | None = None
) -> bytes:
    """Everything that the server sends to a client that opens this page, until its script ends."""
    with open_wire(server, headers) as wire:
        return wire.run(page, query=query)
