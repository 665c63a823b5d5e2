"""A reader that has been taken over reaches nothing but the file it was given: each row is one thing it tries."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.document import Bundle
from ingest.sandbox import Sandbox

MISBEHAVING = "tests.faults.misbehaving"
CLONE_NEWUSER, PTRACE_ATTACH, IORING_ENTRIES = 0x10000000, 16, 8

# What is tried -> (the guards of which one must hold for it to fail, the Python that tries it).
ATTEMPTS = {
    "read the library's database": ("files", "Path('{home}/library.db').read_bytes()"),
    "write to the library's database": ("files", "Path('{home}/library.db').open('ab')"),
    "read another stored object": ("files", "Path('{home}/objects/ab/other').read_bytes()"),
    "list the stored objects": ("files", "os.listdir('{home}/objects')"),
    "link to another stored object": (
        "files",
        "os.symlink('{home}/objects/ab/other', 'link'); Path('link').read_bytes()",
    ),
    "take another stored object by a hard link": ("files", "os.link('{home}/objects/ab/other', 'hard')"),
    "write beside the given file": ("files", "Path('{home}/planted').write_text('x')"),
    "write to the given file": ("files", "Path('{given}').open('ab')"),
    "make its given file writable": ("files", "os.chmod(given_place(), 0o777); Path(given_place()).open('ab')"),
    "remove the given file": ("files", "os.unlink('{given}')"),
    "write in its home": ("files", "Path('/root/planted').write_text('x')"),
    "write among the programs": ("files", "Path('/usr/local/bin/planted').write_text('x')"),
    "write over its own code": ("files", "Path('{code}').open('ab')"),
    "read the accounts' passwords": ("files", "Path('/etc/shadow').read_bytes()"),
    "read the worker's environment": ("files", "Path('/proc/{worker}/environ').read_bytes()"),
    "read its parent's environment": ("files", "Path('/proc/{parent}/environ').read_bytes()"),
    "read the worker's memory": ("files", "Path('/proc/{worker}/mem').open('rb')"),
    "make a device": ("files", "os.mknod('device', 0o20666, os.makedev(1, 1)); Path('device').open('rb')"),
    "run a program of its own making": (
        "files",
        "Path('own').write_text('#!/bin/sh'); os.chmod('own', 0o755); os.execv('own', ['own'])",
    ),
    "connect to a service's socket": ("calls", "socket.socket(socket.AF_UNIX).connect('{service}')"),
    "send a datagram to a service": (
        "calls",
        "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', '{service}')",
    ),
    "make a network socket": ("calls", "socket.socket()"),
    "make a packet socket": ("calls", "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
    "talk to the hypervisor": ("calls", "socket.socket(socket.AF_VSOCK)"),
    "kill its parent": ("signals", "os.kill({parent}, 9)"),
    "kill the worker": ("signals", "os.kill({worker}, 9)"),
    "lower the worker's limits": (
        "signals",
        "import resource; resource.prlimit({worker}, resource.RLIMIT_NOFILE, (3, 3))",
    ),
    "trace the worker": ("calls", "call('ptrace', {PTRACE_ATTACH}, {worker}, 0, 0)"),
    "trace its parent": ("calls", "call('ptrace', {PTRACE_ATTACH}, {parent}, 0, 0)"),
    "become root in a new namespace": ("calls", "call('unshare', {CLONE_NEWUSER})"),
    "uncover what is under its folder": ("calls", "call('umount', 0)"),
    "open a queue into the kernel": ("calls", "call('syscall', 425, {IORING_ENTRIES}, 0)"),
    "raise its limit on memory": (
        "privileges",
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))",
    ),
}


@dataclass(frozen=True)
class Library:
    """A library's folder with something in every place that a reader must not reach."""

    sandbox: Sandbox
    home: Path
    service: Path

    def told(self, order: str, name: str = "order.txt") -> str:
        given = self.home / "objects" / "ab" / name
        given.write_text(order)
        return self.sandbox.read(Bundle(given, name)).passages[0].text

    def attempt(self, source: str) -> str:
        self.told("say warm")
        places = {
            "home": self.home,
            "given": self.home / "objects" / "ab" / "order.txt",
            "code": Path(__file__).parents[2] / "ingest" / "sandbox" / "confine.py",
            "service": self.service,
            "worker": os.getpid(),
            "parent": self.sandbox.parent_pid(),
        }
        for name, value in {**places, **NUMBERS}.items():
            source = source.replace(f"{{{name}}}", str(value))
        return self.told("attempt " + source.replace("given_place()", "'.given-0/order.txt'"))


NUMBERS = {
    "CLONE_NEWUSER": CLONE_NEWUSER, "PTRACE_ATTACH": PTRACE_ATTACH, "IORING_ENTRIES": IORING_ENTRIES,
}  # fmt: skip


@pytest.fixture(scope="module", params=["in /tmp", "elsewhere"])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("home")
    if request.param == "elsewhere":
        home = Path("/dev/shm") / f"hoclieu-test-{os.getpid()}"  # noqa: S108 - not below /tmp is what matters
    (home / "objects" / "ab").mkdir(parents=True)
    (home / "library.db").write_text("secret")
    (home / "objects" / "ab" / "other").write_text("secret")
    service = home / "service"
    with socket.socket(socket.AF_UNIX) as listening, Sandbox(extra_extractors=[MISBEHAVING]) as sandbox:
        listening.bind(str(service))
        listening.listen()
        yield Library(sandbox, home, service)
    if request.param == "elsewhere":
        for path in sorted(home.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        home.rmdir()


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_reader_cannot(name: str, library: Library) -> None:
    guard, source = ATTEMPTS[name]
    if (holds := library.sandbox.guards()[guard]) is not True:
        pytest.skip(f"this machine does not hold {guard}: {holds}")
    assert library.attempt(source).startswith("refused E")
    assert library.told("say next") == "next"
    assert (library.home / "library.db").read_text() == "secret"


def test_the_attempts_are_not_refused_for_another_reason(library: Library) -> None:
    """Guards the table above: what is allowed works by the same words."""
    assert (
        library.attempt("Path('mine').write_text('x'); os.symlink('mine', 'link'); Path('link').read_bytes()") == "done"
    )
    assert (
        library.attempt("os.kill(os.getpid(), 0); socket.socket(socket.AF_UNIX).bind('own'); os.listdir('/usr')")
        == "done"
    )


def test_a_given_file_and_its_companions_keep_their_names(library: Library) -> None:
    main, companion = library.home / "objects" / "ab" / "order.txt", library.home / "Bài 1.vi.srt"
    main.write_text("companions")
    companion.write_text("1")
    document = library.sandbox.read(Bundle(main, "order.txt", (companion,)))
    assert document.passages[0].text == "Bài 1.vi.srt: 1"


@pytest.mark.parametrize(
    ("command", "said"), [("cat {home}/library.db", "1 "), ("cat /etc/shadow", "1 "), ("cat /etc/passwd", "0 root:")]
)
def test_a_program_can_be_run_and_is_held_to_the_same(command: str, said: str, library: Library) -> None:
    if (holds := library.sandbox.guards()["files"]) is not True:
        pytest.skip(f"this machine does not hold files: {holds}")
    assert library.told("run " + command.format(home=library.home)).startswith(said)


def test_a_program_has_its_own_tmp(library: Library) -> None:
    if (holds := library.sandbox.guards()["temporary"]) is not True:
        pytest.skip(f"this machine does not hold temporary: {holds}")
    assert library.told("run mktemp /tmp/made-XXXXXX").startswith("0 /tmp/made-")
    assert not list(Path("/tmp").glob("made-*"))  # noqa: S108
