"""Namespaces: no network, no processes to reach but one's own, a /tmp of one's own.

The warm parent leaves the network and the machine's process numbers once;
each child then moves its private folder over /tmp, with the files it was
given in it, read-only. A user who is not root needs user namespaces for that.
Source: namespaces(7), pid_namespaces(7), mount_namespaces(7).
"""

import contextlib
import ctypes
import os
import signal
from collections.abc import Sequence
from pathlib import Path

_NEWNS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
# Of a process's flags in /proc/PID/stat.
_PF_EXITING = 4
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 1, 2, 4, 8, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18

TEMPORARY = "/tmp"  # noqa: S108 - LibreOffice makes a socket there whatever TMPDIR says

_LIBC = ctypes.CDLL(None, use_errno=True)


def leave_network() -> bool | str:
    """Move this single-threaded process into an empty network, and message queues of its own.

    Returns: True, or why not.
    """
    user, group = os.getuid(), os.getgid()
    if user == 0 and _LIBC.unshare(_NEWNET | _NEWIPC) == 0:
        return True
    if _LIBC.unshare(_NEWUSER | _NEWNET | _NEWIPC) != 0:
        return _why()
    # The same user inside as outside; where the kernel refuses, files are read all the same.
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with contextlib.suppress(OSError):
            Path("/proc/self", name).write_text(line)
    return True


def leave_mounts() -> bool | str:
    """Let this process and its children mount without anybody seeing it. Returns: True, or why not."""
    if _LIBC.unshare(_NEWNS) != 0:
        return _why()
    try:
        _mount("none", "/", _MS_REC | _MS_PRIVATE)
    except OSError as error:
        return str(error.strerror)
    return True


def leave_processes() -> tuple[bool | str, int | None]:
    """Give the children of this process numbers of their own, so that they can address no process outside.

    The first one stays and does nothing: while it lives more can be started, and when it ends, with this
    process at the latest, the kernel kills all of them. It takes over what they leave behind, see `strays`.
    Returns: True or why not, and that first one.
    """
    if _LIBC.unshare(_NEWPID) != 0:
        return _why(), None
    first = os.fork()
    if first == 0:
        try:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            signal.set_wakeup_fd(-1)
            # Ended processes vanish without being asked after.
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            os.closerange(0, 1024)
            while True:
                signal.pause()
        finally:
            os._exit(0)
    return True, first


def is_ending(keeper: int) -> bool:
    """Whether the first process of a numbering is being ended, and so all others with it."""
    try:
        flags = Path(f"/proc/{keeper}/stat").read_text().rpartition(")")[2].split()[6]
    except OSError:
        return True
    return bool(int(flags) & _PF_EXITING)


def adopt_strays() -> None:
    """Without process numbers of their own, what children leave behind becomes this process's: see `strays`."""
    _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def strays(keeper: int) -> Sequence[int]:
    """Children of a process by number, for one that has none but those left behind."""
    try:
        return [int(pid) for pid in Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()]
    except OSError:
        return ()


def leave_mounts_again() -> None:
    """A child parts from its parent's mounts, as its parent did from the machine's. Raises: OSError."""
    if _LIBC.unshare(_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def own_temporary(folder: str, given: Sequence[str]) -> list[str]:
    """Move `folder` over /tmp, for this process alone, with the given files in it, read-only.

    Returns: where each of them now is; a file that is not there keeps its path, for its reader to miss.
    Raises: OSError.
    """
    places = []
    for number, path in enumerate(given):
        try:
            source = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            places.append(path)
            continue
        # The name stays: a caption file's says its language.
        inside = f"/.given-{number}/{path.rpartition('/')[2]}"
        target = folder + inside
        os.mkdir(folder + f"/.given-{number}")  # noqa: PTH102 - this is timed: it stands between request and answer
        os.close(os.open(target, os.O_CREAT | os.O_CLOEXEC))
        _mount(f"/proc/self/fd/{source}", target, _MS_BIND)
        _mount("none", target, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
        os.close(source)
        places.append(TEMPORARY + inside)
    _mount(folder, TEMPORARY, _MS_BIND | _MS_REC)
    os.chdir(TEMPORARY)
    return places


def _mount(source: str, target: str, flags: int) -> None:
    if _LIBC.mount(source.encode(), target.encode(), None, ctypes.c_ulong(flags), None) != 0:
        raise OSError(ctypes.get_errno(), target)


def _why() -> str:
    return os.strerror(ctypes.get_errno())
