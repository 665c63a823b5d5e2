"""Landlock: a process gives up every file but those it names, for itself and whatever it starts.

A child calls `Rules(…)` while it waits, `allow` for the file it was asked to
read, and `enforce` before it opens it. No package on PyPI was fit: `landlock`
is an alpha without a release, `py-landlock` and `landlockpy` are months old,
`sandlock` wants Linux 6.7 and starts programs of its own. The whole interface
is three system calls that the kernel never changes, so they are called here.
Source: landlock(7), and userspace-api/landlock in the kernel's documentation.
"""

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable
from stat import S_ISDIR

# The same numbers on every architecture: system calls since Linux 5.1 share them.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
KNOWS_SIGNALS = 6
"""The version that keeps a process from signalling those outside."""
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_REFER, _TRUNCATE, _DEVICE_CONTROL = 1 << 13, 1 << 14, 1 << 15
_ALL_FILES = (1 << 13) - 1
_ONE_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE_CONTROL
"""Rights that mean something on a file that is no folder; the kernel refuses others there."""

READ = _READ_FILE | _READ_DIR
RUN = READ | _EXECUTE
USE = READ | _WRITE_FILE | _DEVICE_CONTROL
"""Read and write what is there, and make nothing: devices such as /dev/null."""
OWN = (_ALL_FILES & ~(_EXECUTE | _MAKE_CHAR | _MAKE_BLOCK)) | _REFER | _TRUNCATE
"""Everything in a private folder but devices and programs of one's own making."""

_NETWORK = 0b11
"""Bind and connect over TCP."""
_SCOPES = 0b11
"""Connect to abstract sockets of, and send signals to, processes outside."""


def version() -> int:
    """The kernel's Landlock version: 2 in Debian 12, 0 where there is none. 4 knows TCP, 6 knows signals."""
    return max(0, _call(_CREATE_RULESET, None, 0, _VERSION))


class Rules:
    """What stays allowed. Everything that this kernel's version can forbid is forbidden besides."""

    def __init__(self) -> None:
        known = version()
        later = ((_REFER, 2), (_TRUNCATE, 3), (_DEVICE_CONTROL, 5))
        self._handled = _ALL_FILES | sum(right for right, since in later if known >= since)
        network, scopes = _NETWORK * (known >= 4), _SCOPES * (known >= KNOWS_SIGNALS)
        # A kernel takes a longer structure than it knows where the rest is zero.
        attributes = struct.pack("<QQQ", self._handled, network, scopes)
        self._ruleset = _call(_CREATE_RULESET, attributes, len(attributes), 0)
        if self._ruleset < 0:
            raise OSError(ctypes.get_errno(), "landlock")

    def allow(self, rights: int, paths: Iterable[str]) -> None:
        """Add paths, each with everything beneath it; one that does not exist is passed over."""
        for path in paths:
            try:
                place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except OSError:
                continue
            try:
                meant = rights if S_ISDIR(os.fstat(place).st_mode) else rights & _ONE_FILE
                rule = struct.pack("<Qi", meant & self._handled, place)
                if _call(_ADD_RULE, self._ruleset, _PATH_BENEATH, rule, 0):
                    raise OSError(ctypes.get_errno(), "landlock")
            finally:
                os.close(place)

    def enforce(self) -> None:
        """From here on the rules hold, for ever. Needs no privileges, but `no_new_privs`."""
        if _call(_RESTRICT_SELF, self._ruleset, 0):
            raise OSError(ctypes.get_errno(), "landlock")
        with contextlib.suppress(OSError):
            os.close(self._ruleset)


def _call(number: int, *arguments: object) -> int:
    given = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return int(_LIBC.syscall(ctypes.c_long(number), *given))


_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
