"""What is wrong with an S3 store's settings is one sentence at the start, and exit code 2."""

import io
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from service.errors import (
    BucketForeign,
    BucketMissing,
    BucketOpen,
    ClockSkewed,
    KeysRefused,
    NoStoreThere,
    SettingsError,
    StoreUnreachable,
)
from service.messages import remedy, sentence
from tests.servers.s3 import S3Server

LIBRARY = "kho.example.edu.vn"
URL = "HOCLIEU_OBJECTS_URL"
KEYS = {"access_key": "HOCLIEU_OBJECTS_ACCESS_KEY", "secret_key": "HOCLIEU_OBJECTS_SECRET_KEY"}
OPEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::{}/*"}],
}


def test_an_empty_bucket_becomes_this_librarys_and_stays_it(s3_server: S3Server, bucket: str, tmp_path: Path) -> None:
    store = s3_server.store(bucket, tmp_path)
    store.begin(LIBRARY)
    store.put("documents/d", b"x")
    store.begin(LIBRARY)
    assert list(store.keys("")) == ["documents/d"]


def test_another_librarys_bucket_is_refused(s3_server: S3Server, bucket: str, tmp_path: Path) -> None:
    store = s3_server.store(bucket, tmp_path)
    store.begin("khac.example")
    with pytest.raises(BucketForeign) as error:
        store.begin(LIBRARY)
    assert error.value.parameters == {"bucket": bucket, "owner": "khac.example", "library": LIBRARY}


def test_a_bucket_with_somebodys_files_is_refused(s3_server: S3Server, bucket: str, tmp_path: Path) -> None:
    s3_server.client().put_object(bucket, "photos/1.jpg", io.BytesIO(b"x"), 1)
    with pytest.raises(BucketForeign):
        s3_server.store(bucket, tmp_path).begin(LIBRARY)


def test_a_missing_bucket_is_named(s3_server: S3Server, tmp_path: Path) -> None:
    with pytest.raises(BucketMissing) as error:
        s3_server.store("not-there", tmp_path).begin(LIBRARY)
    assert error.value.parameters["bucket"] == "not-there"


@pytest.mark.parametrize("keys", [{"access_key": "nobody"}, {"secret_key": "wrong"}, {"access_key": ""}])
def test_wrong_keys_are_refused(s3_server: S3Server, bucket: str, tmp_path: Path, keys: dict[str, str]) -> None:
    with pytest.raises(KeysRefused):
        s3_server.store(bucket, tmp_path, **keys).begin(LIBRARY)


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:ListBucket"])
def test_a_bucket_that_anybody_reads_is_refused(s3_server: S3Server, bucket: str, tmp_path: Path, action: str) -> None:
    store = s3_server.store(bucket, tmp_path)
    store.begin(LIBRARY)
    policy = json.loads(json.dumps(OPEN).replace("{}", bucket).replace("s3:GetObject", action))
    if action == "s3:ListBucket":
        policy["Statement"][0]["Resource"] = f"arn:aws:s3:::{bucket}"
    s3_server.client().set_bucket_policy(bucket, json.dumps(policy))
    with pytest.raises(BucketOpen):
        store.begin(LIBRARY)
    s3_server.client().delete_bucket_policy(bucket)
    store.begin(LIBRARY)


def test_a_clock_that_is_wrong_is_named(s3_server: S3Server, bucket: str, tmp_path: Path) -> None:
    """In a process of its own whose clock the client library reads an hour late."""
    code = f"""
import datetime, pathlib, minio.time
true = minio.time.utcnow
minio.time.utcnow = lambda: true() - datetime.timedelta(hours=1)
from service.adapters.objects.s3 import S3Store, parse
from service.errors import ClockSkewed
from tests.servers.s3 import ACCESS_KEY, SECRET_KEY
store = S3Store(parse({s3_server.url(bucket)!r}), access_key=ACCESS_KEY, secret_key=SECRET_KEY,
                scratch=pathlib.Path({str(tmp_path)!r}))
try:
    store.begin("x")
except ClockSkewed as error:
    print(error.parameters["host"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == s3_server.host
    assert URL in sentence(ClockSkewed.code, "en", {"host": s3_server.host, "url": URL})


def test_nobody_there_is_named(s3_server: S3Server, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        host = f"127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(StoreUnreachable) as error:
        s3_server.store("bucket", tmp_path, host=host).begin(LIBRARY)
    assert error.value.parameters["host"] == host


class Page(BaseHTTPRequestHandler):
    """A web server that is no store."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><p>Welcome")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def web_server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_web_server_is_no_store(s3_server: S3Server, tmp_path: Path, web_server: str) -> None:
    with pytest.raises(NoStoreThere):
        s3_server.store("bucket", tmp_path, host=web_server).begin(LIBRARY)


def test_tls_to_a_store_without_it_is_named(s3_server: S3Server, bucket: str, tmp_path: Path) -> None:
    command, environment = _doctor(s3_server, bucket, tmp_path)
    environment["HOCLIEU_OBJECTS_URL"] = f"s3+https://{s3_server.host}/{bucket}"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == _said(NoStoreThere, host=s3_server.host, url=URL)


def test_the_command_ends_with_one_sentence_its_remedy_and_code_2(
    s3_server: S3Server, bucket: str, tmp_path: Path
) -> None:
    command, environment = _doctor(s3_server, bucket, tmp_path)
    for changed, said in (
        (
            {"HOCLIEU_OBJECTS_URL": s3_server.url("not-there")},
            _said(BucketMissing, bucket="not-there", host=s3_server.host, url=URL),
        ),
        (
            {"HOCLIEU_OBJECTS_SECRET_KEY": "wrong"},
            _said(KeysRefused, bucket=bucket, host=s3_server.host, **KEYS),
        ),
    ):
        done = subprocess.run(command, env={**environment, **changed}, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr.splitlines()) == (2, "", said)


@pytest.mark.parametrize(
    "url",
    [
        "s3+http://store.example/bucket",
        "s3+http://10.0.0.1:9000/bucket",
        "s3+https://store.example",
        "s3+https:///bucket",
        "s3+https://store.example/bucket/inside",
        "s3+https://key:geheim@store.example/bucket",
        "s3://store.example/bucket",
    ],
)
def test_an_address_that_is_none_is_a_setting_that_cannot_be_used(url: str, tmp_path: Path) -> None:
    from service import compose
    from service.settings import Settings

    with pytest.raises(SettingsError) as error:
        compose.services(Settings(home=tmp_path, objects_url=url))
    assert error.value.parameters["name"] == "HOCLIEU_OBJECTS_URL"
    assert "geheim" not in str(error.value)


def _doctor(server: S3Server, bucket: str, tmp_path: Path) -> tuple[list[str], dict[str, str]]:
    environment = {**os.environ, **server.environment(bucket), "HOCLIEU_HOME": str(tmp_path), "HOCLIEU_LANGUAGE": "en"}
    return [sys.executable, "-m", "service.cli", "doctor"], environment


def _said(error: type[SettingsError], **parameters: str) -> list[str]:
    return [sentence(error.code, "en", parameters), remedy(error.code, "en", parameters)]
