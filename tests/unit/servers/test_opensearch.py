"""The OpenSearch of the tests: a real cluster of one and of three, its nodes killed and started again."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from deploy.opensearch import node as launcher
from tests.faults.loaded import until
from tests.process_tree import left, tree
from tests.servers.opensearch import OpenSearchServer, opensearch

ONE_SHARD = {"settings": {"number_of_shards": 1, "number_of_replicas": 2}}
HOLDER = """
import time
from tests.servers.opensearch import OpenSearchServer
server = OpenSearchServer(quick=True).start()
print(server.pid(), server.folder, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def three() -> Iterator[OpenSearchServer]:
    with opensearch(3, heap="256m", quick=True) as server:
        yield server


def test_it_is_the_release_that_the_pom_names(opensearch_server: OpenSearchServer) -> None:
    number = opensearch_server.ask("GET", "")["version"]["number"]
    assert f"<opensearch.version>{number}<" in launcher.POM.read_text(encoding="utf-8")


def test_it_speaks_thai_as_every_index_demands(opensearch_server: OpenSearchServer) -> None:
    said = opensearch_server.ask("POST", "_analyze", {"analyzer": "thai", "text": "ภาษาไทย"})
    assert [token["token"] for token in said["tokens"]] == ["ภาษา", "ไทย"]


def test_an_index_that_nobody_made_takes_nothing(opensearch_server: OpenSearchServer) -> None:
    with pytest.raises(RuntimeError, match="index_not_found"):
        opensearch_server.ask("PUT", "mistyped/_doc/1", {"title": "x"})


def test_it_listens_on_loopback_alone(opensearch_server: OpenSearchServer) -> None:
    listening = subprocess.run(["ss", "-ltnH"], capture_output=True, text=True, check=True).stdout
    port = opensearch_server.hosts[0].rpartition(":")[2]
    found = [words[3] for line in listening.splitlines() if (words := line.split())[3].endswith(f":{port}")]
    assert found
    assert all("127.0.0.1" in place for place in found)


def test_dropping_a_name_leaves_its_neighbours(opensearch_server: OpenSearchServer) -> None:
    for name in ("drop-me-1", "drop-me-2", "dropped-1"):
        opensearch_server.ask("PUT", name)
    opensearch_server.drop("drop-me")
    left_over = [entry["index"] for entry in opensearch_server.ask("GET", "_cat/indices/drop*?format=json")]
    opensearch_server.drop("dropped")
    assert left_over == ["dropped-1"]


def test_a_node_of_three_that_was_killed_comes_back_with_all(three: OpenSearchServer) -> None:
    three.ask("PUT", "kept", ONE_SHARD)
    three.wait()
    for number in range(20):
        three.ask("PUT", f"kept/_doc/{number}", {"number": number})
    three.kill(0)
    assert three.running() == [1, 2]
    three.wait("wait_for_nodes=2&wait_for_status=yellow")
    # A copy that has just become the first one is still being told what the other acknowledged.
    until(partial(_counts, three, 20), "all that was acknowledged")
    three.ask("PUT", "kept/_doc/20", {"number": 20}, node=2)
    three.start_node(0)
    three.wait("wait_for_nodes=3&wait_for_status=green")
    three.ask("POST", "kept/_refresh", node=0)
    assert three.ask("GET", "kept/_count?preference=_local", node=0)["count"] == 21


def _counts(cluster: OpenSearchServer, number: int) -> bool:
    cluster.ask("POST", "kept/_refresh", node=1)
    return bool(cluster.ask("GET", "kept/_count", node=1)["count"] == number)


def test_it_goes_with_the_run_however_that_ends() -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    leash, folder = holder.stdout.readline().split()
    pids = list(tree(int(leash)))
    assert len(pids) == 2
    assert json.loads((Path(folder) / "nodes/node-1/config/opensearch.yml").read_text())["network.host"] == "127.0.0.1"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    assert left(pids, seconds=20.0) == []
    assert not Path(folder).exists()


def test_a_java_that_is_too_old_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, version in (("old", "17.0.15"), ("new", "21.0.4")):
        java = tmp_path / name / "bin/java"
        java.parent.mkdir(parents=True)
        java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
        java.chmod(0o755)
    monkeypatch.setenv("JAVA21_HOME", str(tmp_path / "old"))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "new"))
    assert launcher.java.__wrapped__() == str(tmp_path / "new/bin/java")


def test_without_maven_it_says_what_to_install(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.opensearch.node"]
    ended = subprocess.run(
        command, env={"XDG_CACHE_HOME": str(tmp_path), "PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == "OpenSearch's jars come by Maven: apt-get install --no-install-recommends maven"
