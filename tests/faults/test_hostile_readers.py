"""Whatever a reader does, it ends in time, the next file is read, and nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.document import Bundle
from ingest.errors import BrokenFile, ReaderCrashed, TooExpensive
from ingest.sandbox import Limits, Sandbox

MISBEHAVING = "tests.faults.misbehaving"
_LIMITS = Limits(wall_seconds=20.0, cpu_seconds=1, memory_bytes=600 * 1024**2, file_bytes=1024**2)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=_LIMITS, output_bytes=4 * 1024**2, extra_extractors=[MISBEHAVING]) as sandbox:
        yield sandbox


@pytest.fixture
def told(sandbox: Sandbox, tmp_path: Path) -> Callable[[str], str]:
    """Reads a file with an order in it; gives what its one passage says."""

    def tell(order: str) -> str:
        return _tell(sandbox, tmp_path, order)

    return tell


def _tell(sandbox: Sandbox, folder: Path, order: str) -> str:
    path = folder / "order.txt"
    path.write_text(order)
    return sandbox.read(Bundle(path, path.name)).passages[0].text


def _gone(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process ends within some seconds (zombies count as ended)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def _numbers_below(parent: int) -> set[int]:
    """Descendants of a process, zombies apart, by the numbers that they know themselves by."""
    numbers, waiting = set(), [parent]
    while waiting:
        pid = waiting.pop()
        try:
            waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        if "\nState:\tZ" not in status:
            numbers.add(int(status.partition("\nNSpid:")[2].split("\n")[0].split()[-1]))
    return numbers - {parent}


def test_a_child_has_no_network(sandbox: Sandbox, told: Callable[[str], str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            pass  # from here it can be reached
        server.accept()[0].close()
        answer = told(f"connect {port}")
        if sandbox.guards()["network"] is not True:
            pytest.skip(f"this machine refuses network namespaces: {sandbox.guards()['network']}")
        assert answer.startswith("refused")
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_child_has_no_environment(told: Callable[[str], str]) -> None:
    assert set(told("environment").split()) <= {"TMPDIR", "LC_CTYPE"}


def test_a_child_that_computes_for_ever_is_ended(told: Callable[[str], str]) -> None:
    with pytest.raises(TooExpensive) as raised:
        told("spin")
    assert raised.value.parameters == {"limit": "time"}
    assert told("say next") == "next"


def test_a_child_that_sleeps_is_ended_by_the_clock(tmp_path: Path) -> None:
    with Sandbox(limits=Limits(wall_seconds=0.5), extra_extractors=[MISBEHAVING]) as sandbox:
        with pytest.raises(TooExpensive) as raised:
            _tell(sandbox, tmp_path, "sleep 600")
        assert raised.value.parameters == {"limit": "time"}
        assert _tell(sandbox, tmp_path, "say next") == "next"


def test_memory_is_bounded(told: Callable[[str], str]) -> None:
    with pytest.raises(TooExpensive) as raised:
        told(f"memory {1024**3}")
    assert raised.value.parameters == {"limit": "memory"}
    assert told("say next") == "next"


def test_output_is_bounded(told: Callable[[str], str]) -> None:
    with pytest.raises(TooExpensive) as raised:
        told(f"output {8 * 1024**2}")
    assert raised.value.parameters == {"limit": "output"}
    assert told("say next") == "next"


def test_written_files_are_bounded(told: Callable[[str], str]) -> None:
    assert told(f"fill {2 * 1024**2}").startswith("refused")


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_a_crash_is_one_files_outcome(name: str, told: Callable[[str], str]) -> None:
    with pytest.raises(ReaderCrashed) as raised:
        told(f"signal {name}")
    assert raised.value.parameters == {"signal": name}
    assert told("say next") == "next"


def test_a_silent_exit_is_a_crash(told: Callable[[str], str]) -> None:
    with pytest.raises(ReaderCrashed) as raised:
        told("exit 3")
    assert raised.value.parameters == {"signal": "exit 3"}


def test_a_readers_mistake_is_one_files_outcome(told: Callable[[str], str], caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ReaderCrashed) as raised:
        told("mistake")
    assert raised.value.parameters == {"signal": "KeyError"}
    assert [record.message for record in caplog.records] == ["reader-failed"]


def test_an_error_of_the_file_comes_back_as_itself(told: Callable[[str], str]) -> None:
    with pytest.raises(BrokenFile) as raised:
        told("broken")
    assert raised.value.parameters == {"part": "x"}


@pytest.mark.parametrize("order", ["fork", "escape"])
def test_what_a_child_leaves_behind_ends_with_it(order: str, sandbox: Sandbox, told: Callable[[str], str]) -> None:
    left = int(told(order))
    parent = sandbox.parent_pid()
    assert parent
    deadline = time.monotonic() + 10
    while left in _numbers_below(parent):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert told("say next") == "next"


def test_processes_are_bounded(sandbox: Sandbox, told: Callable[[str], str]) -> None:
    if sandbox.guards()["processes"] is not True:
        pytest.skip(f"this machine gives no bound: {sandbox.guards()['processes']}")
    assert told("many 200").startswith("refused")
    assert told("say next") == "next"


def test_a_childs_folder_is_its_own_and_goes_with_it(told: Callable[[str], str]) -> None:
    assert "left-behind" not in told("write once")
    assert "left-behind" not in told("write again")


def test_a_killed_parent_is_replaced_while_somebody_waits(sandbox: Sandbox, tmp_path: Path) -> None:
    _tell(sandbox, tmp_path, "say warm")
    pid = sandbox.parent_pid()
    assert pid
    threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
    assert _tell(sandbox, tmp_path, "sleep 1.5") == "None"
    assert sandbox.parent_pid() != pid


def test_a_parent_that_dies_again_and_again_fails_one_file(sandbox: Sandbox, tmp_path: Path) -> None:
    _tell(sandbox, tmp_path, "say warm")
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.05):
            if pid := sandbox.parent_pid():
                os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with pytest.raises(ReaderCrashed) as raised:
            _tell(sandbox, tmp_path, "sleep 20")
    finally:
        over.set()
        killer.join()
    assert raised.value.parameters == {"signal": "parent"}
    assert _tell(sandbox, tmp_path, "say next") == "next"


def test_the_parent_ends_when_nobody_asks_and_starts_again(tmp_path: Path) -> None:
    with Sandbox(idle_seconds=0.3, extra_extractors=[MISBEHAVING]) as sandbox:
        assert _tell(sandbox, tmp_path, "say one") == "one"
        pid = sandbox.parent_pid()
        assert pid
        # Gone from the process table too, without anybody asking.
        deadline = time.monotonic() + 10
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert sandbox.parent_pid() is None
        assert _tell(sandbox, tmp_path, "say two") == "two"


def test_parent_and_children_end_with_their_caller(tmp_path: Path) -> None:
    order = tmp_path / "order.txt"
    order.write_text("sleep 600")
    script = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from ingest.document import Bundle\n"
        "from ingest.sandbox import Sandbox\n"
        f"sandbox = Sandbox(extra_extractors=['{MISBEHAVING}'])\n"
        "sandbox.guards()\n"
        "print(sandbox.parent_pid(), flush=True)\n"
        "sandbox.read(Bundle(Path(sys.argv[1]), 'order.txt'))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, order], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout
        parent = int(caller.stdout.readline())
        children = Path(f"/proc/{parent}/task/{parent}/children")
        deadline = time.monotonic() + 10
        while not (found := children.read_text().split()) and time.monotonic() < deadline:
            time.sleep(0.02)
        caller.kill()
    assert found
    assert all(_gone(pid) for pid in (parent, *map(int, found)))


def test_several_threads_read_beside_each_other(sandbox: Sandbox, tmp_path: Path) -> None:
    answers: dict[int, str] = {}

    def work(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        for turn in range(5):
            answers[number * 10 + turn] = _tell(sandbox, folder, f"say {number * 10 + turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number * 10 + turn: str(number * 10 + turn) for number in range(4) for turn in range(5)}


def test_importing_the_sandbox_imports_nothing_heavy() -> None:
    heavy = "[name for name in ('pymupdf', 'PIL', 'lxml') if name in sys.modules]"
    script = f"import sys, ingest.sandbox, ingest.pipeline; ingest.pipeline.fingerprint(); print({heavy})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_end_of_the_first_process_of_the_children_is_a_dead_parent(sandbox: Sandbox, tmp_path: Path) -> None:
    if sandbox.guards()["signals"] is not True:
        pytest.skip(f"children have no process numbers of their own: {sandbox.guards()['signals']}")

    def first() -> int:
        parent = sandbox.parent_pid()
        return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])

    _tell(sandbox, tmp_path, "say warm")
    threading.Timer(0.5, lambda: os.kill(first(), signal.SIGKILL)).start()
    assert _tell(sandbox, tmp_path, "sleep 1.5") == "None"
    for _ in range(5):
        os.kill(first(), signal.SIGKILL)
        assert _tell(sandbox, tmp_path, "say next") == "next"
