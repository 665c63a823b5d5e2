"""What keeps an extraction child from doing harm: no network, limits, a bound on processes.

The warm parent takes the network away from itself once; its children inherit
that and set their own limits. A guard that the machine refuses is not an
error: it is reported, and `hoclieu doctor` says so.
"""

import contextlib
import ctypes
import os
import re
import resource
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3

# The warm parent and a few children with a tool each (a converter starts three, ffmpeg 7 a dozen threads).
_MAX_PROCESSES = 48
_CGROUP_PREFIX = "hoclieu-sandbox-"
_CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use. file_bytes bounds every file that it writes."""

    wall_seconds: float = 50.0
    cpu_seconds: int = 50
    memory_bytes: int = 2 * 1024**3
    file_bytes: int = 512 * 1024**2
    open_files: int = 128


def keep_freed_memory() -> None:
    """Let the allocator keep what is freed instead of giving it back: getting it anew costs a fault a page.

    Children live for one file, so nothing is hoarded. Source: mallopt(3).
    """
    libc = ctypes.CDLL(None)
    for option, value in ((_M_TRIM_THRESHOLD, 512 * 1024**2), (_M_MMAP_THRESHOLD, 32 * 1024**2)):
        libc.mallopt(option, value)


def leave_network() -> bool | str:
    """Move this single-threaded process into an empty network namespace. Returns: True, or why not."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if user == 0 and libc.unshare(_CLONE_NEWNET) == 0:
        return True
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return os.strerror(ctypes.get_errno())
    # The same user inside as outside; where the kernel refuses, files are read all the same.
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with contextlib.suppress(OSError):
            Path("/proc/self", name).write_text(line)
    return True


def die_with_parent(parent: int) -> None:
    """The kernel kills this process when its parent has died; at once if it already has."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def gain_no_privileges() -> bool | str:
    """No program started from here on gains rights through set-user-id bits."""
    libc = ctypes.CDLL(None, use_errno=True)
    return True if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 else os.strerror(ctypes.get_errno())


def process_allowance() -> int:
    """RLIMIT_NPROC of the children: what the kernel counts already, and room for their programs (ffprobe, ffmpeg).

    Asked once by the warm parent, after `leave_network`. The limit counts threads of the whole user; from Linux
    5.14 on those of the user namespace only, which then is ours alone. For root the kernel ignores it, so see
    `bound_processes`.
    """
    release = tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])
    own = Path("/proc/self/uid_map").read_text().split()[-1:] == ["1"]
    return _MAX_PROCESSES if own and release >= (5, 14) else _MAX_PROCESSES + _threads_of(os.getuid())


def _threads_of(user: int) -> int:
    threads = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == user:
                threads += int((folder / "stat").read_text().rpartition(")")[2].split()[17])
    return threads


def limit(limits: Limits, *, processes: int) -> None:
    """Set a child's limits. processes: see `process_allowance`. Programs that a child starts inherit them all."""
    for what, soft, hard in (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),
        (resource.RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_NPROC, processes, processes),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        ceiling = resource.getrlimit(what)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(what, (soft, hard))


def bound_processes() -> tuple[bool | str, Path | None]:
    """Put this process into a cgroup with a bound on processes, where one can be made.

    Returns: True or why not, and the group's folder, which `unbound` takes away. A user's children are
    bounded by RLIMIT_NPROC in any case.
    """
    without = "root, and no writable pids cgroup" if os.getuid() == 0 else True
    for parent in _parent_groups():
        _sweep(parent)
        group = parent / f"{_CGROUP_PREFIX}{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / "pids.max").write_text(str(_MAX_PROCESSES))
            (group / "cgroup.procs").write_text(str(os.getpid()))
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
            continue
        return True, group
    return without, None


def unbound(group: Path) -> None:
    """Leave the cgroup and remove it; what is left behind after a kill is swept at the next start."""
    with contextlib.suppress(OSError):
        (group.parent / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()


def _parent_groups() -> Iterator[Path]:
    """Folders of this process's own cgroup: version 1's pids controller, version 2's single tree."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if "pids" in controllers.split(","):
            yield _CGROUPS / "pids" / path.lstrip("/")
        elif controllers == "" and (_CGROUPS / "cgroup.controllers").exists():
            yield _CGROUPS / path.lstrip("/")


def _sweep(parent: Path) -> None:
    """Remove groups whose process is gone; the kernel refuses for those that are in use."""
    for left in parent.glob(f"{_CGROUP_PREFIX}*"):
        with contextlib.suppress(OSError):
            left.rmdir()
