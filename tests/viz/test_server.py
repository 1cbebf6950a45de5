"""The server: what it gives, and to whom it gives nothing."""

import http.client
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

import nnviz
import wnnx
from nnviz.netron.server import Server
from tests.viz.networks import fully_connected, hostile


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with nnviz.serve(fully_connected(), browse=False) as running:
        yield running


def ask(
    server: Server, path: str, method: str = "GET", **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    """Send a request as it is; urllib would tidy up the path."""
    place = urlsplit(server.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=20)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def test_it_listens_on_this_machine_only(server: Server) -> None:
    assert server.url.startswith("http://127.0.0.1:")


def test_the_page_is_netrons_with_our_start(server: Server) -> None:
    with urllib.request.urlopen(server.url) as answer:
        page = answer.read().decode()
    assert '<script type="module" src="host.js"></script>' in page
    assert "index.js" not in page
    assert 'name="date"' not in page
    assert '<meta name="model" content="fc">' in page


def test_the_graph_and_the_weights_are_given(server: Server) -> None:
    assert json.loads(ask(server, "/graph.json?cb=1")[1])["signature"] == "netron:wnnx"
    values = np.frombuffer(ask(server, "/tensor/0")[1], np.float32)
    np.testing.assert_array_equal(values, np.arange(48) / 4)
    metrics = {
        m["name"]: m["value"] for m in json.loads(ask(server, "/tensor/0/statistics")[1])
    }
    assert metrics["max"] == "11.75"


@pytest.mark.parametrize("name", ["view.js", "grapher.css", "worker.js", "icon.png"])
def test_netrons_own_files_are_given(server: Server, name: str) -> None:
    spec = find_spec("netron")
    assert spec is not None
    assert spec.origin is not None
    expected = Path(spec.origin).with_name(name).read_bytes()
    assert ask(server, f"/{name}")[1] == expected


@pytest.mark.parametrize(
    "path",
    [
        "/../view.js", "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
        "/..%2fserver.py", "/server.py", "/__init__.py", "/__pycache__/server.js", "/tensor/9",
        "/view.js/", "/view.js%00.html", "/sub/view.js", "/\\..\\view.js", "/view.js%0d%0a",
        "/METADATA", "/.", "/message.js/../server.py",
    ],
)  # fmt: skip
def test_paths_outside_the_page_are_refused(server: Server, path: str) -> None:
    status, content, _ = ask(server, path)
    assert (status, content) == (404, b"nothing here is called that\n")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200), ("localhost:{port}", 200), ("localhost:9", 200),
        ("[::1]", 200), ("evil.example:{port}", 403), ("127.0.0.1.evil.example", 403),
        ("localhost.example", 403), ("", 403), ("evil.example@127.0.0.1x", 403),
        ("[", 403), ("127.0.0.1:x", 200),
    ],
)  # fmt: skip
def test_only_our_own_host_names_are_answered(server: Server, host: str, status: int) -> None:
    port = urlsplit(server.url).port
    assert ask(server, "/graph.json", Host=host.format(port=port))[0] == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:{port}", 200), ("http://evil.example", 403), ("null", 403),
        ("http://127.0.0.1:1", 403), ("https://127.0.0.1:{port}", 403), ("", 403),
    ],
)  # fmt: skip
def test_pages_of_other_origins_are_refused(server: Server, origin: str, status: int) -> None:
    port = urlsplit(server.url).port
    assert ask(server, "/graph.json", Origin=origin.format(port=port))[0] == status


def test_every_answer_forbids_other_hosts(server: Server) -> None:
    for path in ("/", "/view.js", "/tensor/0", "/nothing"):
        headers = ask(server, path)[2]
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "http" not in policy
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_head_request_has_no_body(server: Server) -> None:
    status, content, headers = ask(server, "/graph.json", "HEAD")
    assert (status, content) == (200, b"")
    assert int(headers["Content-Length"]) == len(ask(server, "/graph.json")[1])


def test_a_title_is_text() -> None:
    with nnviz.serve(hostile(), browse=False) as running:
        page = ask(running, "/")[1].decode()
    assert 'content="&lt;script&gt;window.hacked = 1&lt;/script&gt;"' in page
    assert "<script>window" not in page


def test_a_port_in_use_is_an_error_that_says_so(server: Server) -> None:
    port = urlsplit(server.url).port or 0
    with pytest.raises(nnviz.ViewError, match=f"cannot listen on 127.0.0.1:{port}: .*--port"):
        nnviz.serve(fully_connected(), port=port, browse=False)


def test_a_closed_server_answers_no_more() -> None:
    running = nnviz.serve(fully_connected(), browse=False)
    running.close()
    with pytest.raises(ConnectionRefusedError):
        ask(running, "/")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_the_command_serves_until_ctrl_c(tmp_path: Path) -> None:
    wnnx.save(fully_connected(), tmp_path / "fc.wnnx")
    command = [sys.executable, "-c", "from nnviz.cli import main; main()"]
    with subprocess.Popen(
        [*command, "fc.wnnx", "--no-browser"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.split(" is shown at ")[1].split()[0]
        with urllib.request.urlopen(url) as answer:
            assert b'content="fc.wnnx"' in answer.read()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
