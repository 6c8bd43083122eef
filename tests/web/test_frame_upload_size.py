"""A 2 GB upload meets a sentence, on the real web server."""

import http.client
import os
import socket
import subprocess
import sys
import time
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import override_settings

from zhengtong.web.frame.uploads import MeasuredUpload

HOUSE = Path(__file__).resolve().parents[2]
TWO_GB = 2 * 1024**3


@pytest.fixture(scope="module")
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(number), "config.wsgi:application"]
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    server = subprocess.Popen(
        command, cwd=HOUSE, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(number)
        yield number
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)  # the server is another process; there is nothing to be told by
    pytest.fail("The server did not come up.")


@pytest.mark.slow
def test_two_gigabytes_meet_the_page_and_the_client_can_read_it(port, tmp_path):
    """The whole body is sent from a sparse file; the answer is a page, not a reset connection."""
    sparse = tmp_path / "film.mp4"
    with sparse.open("wb") as file:
        file.truncate(TWO_GB)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line, sparse.open("rb") as body:
        head = f"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {TWO_GB}\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n"
        line.sendall(head.encode())
        line.sendfile(body)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        page = answer.read().decode()
    assert answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "上传的文件太大，没有接收" in page
    assert "100 MB" in page


@pytest.mark.slow
def test_body_of_unstated_length_meets_a_sentence(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(
        "POST",
        "/accounts/login/",
        body=iter([b"x" * 1024] * 8),
        encode_chunked=True,
        headers={"Transfer-Encoding": "chunked", "Host": "localhost"},
    )
    answer = connection.getresponse()
    assert answer.status == HTTPStatus.LENGTH_REQUIRED
    assert "没有说明文件大小" in answer.read().decode()


def test_stated_length_within_the_limit_passes(client):
    answer = client.post("/nowhere/", b"x" * 100, content_type="application/octet-stream")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    with override_settings(REQUEST_MAX_BYTES=99):
        answer = client.post("/nowhere/", b"x" * 100, content_type="application/octet-stream")
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_what_arrives_is_counted_whatever_the_header_said():
    handler = MeasuredUpload()
    with override_settings(REQUEST_MAX_BYTES=10):
        assert handler.receive_data_chunk(b"x" * 6, 0) == b"x" * 6
        with pytest.raises(RequestDataTooBig):
            handler.receive_data_chunk(b"x" * 6, 6)


@pytest.mark.urls("tests.web.frame_urls")
def test_form_with_too_many_fields_or_too_much_text_meets_the_same_page(client):
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=3):
        answer = client.post("/samples/upload/", {f"f{n}": "1" for n in range(9)})
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10):
        answer = client.post("/samples/upload/", {"text": "长" * 100})
    assert "太大" in answer.content.decode()
