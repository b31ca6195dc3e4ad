"""Streamlit's own protocol, spoken without a browser: what a hand-made client could ask for."""

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.browser.running import Server

ANSWER_SECONDS = 30


def run_page(
    server: Server, page: str, *, query: str = "", headers: dict[str, str] | None = None
) -> bytes:
    """Everything that the server sends to a client that opens this page, until its script ends."""
    address = server.address.replace("http://", "ws://") + "/_stcore/stream"
    with connect(
        address,
        subprotocols=[Subprotocol("streamlit")],
        origin=Origin(server.address),
        additional_headers={**(headers or {})},
        user_agent_header=None,
        max_size=None,
    ) as socket:
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        socket.send(message.SerializeToString())
        return _read_run(socket)


def _read_run(socket: ClientConnection) -> bytes:
    received = b""
    while True:
        data = socket.recv(timeout=ANSWER_SECONDS)
        assert isinstance(data, bytes)
        received += data
        answer = ForwardMsg()
        answer.ParseFromString(data)
        if answer.WhichOneof("type") == "script_finished":
            return received
