"""What a child gives up once it knows its file: every other file, system calls, privileges.

Readable: the given files, Python with its packages, the extractors, system
programs with their libraries and fonts. Writable: the private folder. The
library's database, stored objects, settings and keys are none of these, and
neither are other users' homes. Programs that a reader starts (ffprobe,
LibreOffice, bsdtar) inherit all of it: they are found where Debian or a
wheel puts them, and get by with the private folder as TMPDIR and HOME.
"""

import ctypes
import os
import struct
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ingest
from ingest.extractor import Extractor
from ingest.sandbox import landlock, namespaces, seccomp

_PROGRAMS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# Nothing secret stands in these; /etc as a whole holds passwords.
_CONFIGURATION = (
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/fonts", "/etc/alternatives", "/etc/libreoffice",
    "/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf",
    "/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems", "/proc/sys/kernel/osrelease",
    "/sys/devices/system/cpu", "/dev/urandom", "/dev/random",
)  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")

# Reading a file whose owner and mode say no, as root may outside; the rules above bound it.
_KEPT = 1 << 2
"""CAP_DAC_READ_SEARCH."""
_CAPABILITY_HEADER = struct.pack("<Ii", 0x20080522, 0)
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Confinement:
    """What the warm parent found out that this machine allows. filter_program: None where there is no seccomp."""

    landlock: bool
    own_temporary: bool
    filter_program: bytes | None
    readable: tuple[str, ...]
    guards: Mapping[str, bool | str]


def available(extractors: Sequence[Extractor], own_temporary: bool | str) -> Confinement:
    """Find out, once, in the warm parent. Its `guards` are for people: True, or why not."""
    version = landlock.version()
    program = seccomp.program()
    guards: dict[str, bool | str] = {
        "files": version > 0 or "Landlock is not in this kernel",
        "calls": True if isinstance(program, bytes) else program,
        "temporary": own_temporary,
    }
    files = [sys.modules[extractor.__name__].__file__ for extractor in extractors]
    places = [str(Path(file).parent) for file in files if file is not None]
    # Not the prefixes themselves: a library's folder may lie beside the lib of its environment.
    python = [str(Path(prefix, part)) for prefix in {sys.prefix, sys.base_prefix} for part in ("bin", "lib", "lib64")]
    readable = {*python, str(Path(ingest.__file__).parent), *places}
    return Confinement(
        version > 0, own_temporary is True, program if isinstance(program, bytes) else None, tuple(readable), guards
    )


class Waiting:
    """A child's rules, made while it waits, as far as they can be known."""

    def __init__(self, confinement: Confinement, folder: Path) -> None:
        self._confinement = confinement
        self._folder = str(folder)
        if confinement.own_temporary:
            namespaces.leave_mounts_again()
        # Tried out here, because this costs more than the rest when it is done for the first time.
        self._capabilities = _KEPT if _held() & _KEPT else 0
        self._rules = landlock.Rules() if confinement.landlock else None
        if self._rules is not None:
            self._rules.allow(landlock.RUN, (*_PROGRAMS, *confinement.readable))
            self._rules.allow(landlock.READ, _CONFIGURATION)
            self._rules.allow(landlock.USE, _DEVICES)
            self._rules.allow(landlock.OWN, [str(folder)])

    def enforce(self, given: Sequence[str]) -> list[str]:
        """Hold to the rules from here on. Returns: where the given files are now.

        Raises: OSError: a rule that the warm parent said would hold does not; the child must not go on.
        """
        places = list(given)
        if self._rules is not None:
            self._rules.allow(landlock.READ, given)
        if self._confinement.own_temporary:
            places = namespaces.own_temporary(self._folder, given)
            os.environ["TMPDIR"] = tempfile.tempdir = namespaces.TEMPORARY
        _drop_capabilities(self._capabilities)
        if self._rules is not None:
            self._rules.enforce()
        if self._confinement.filter_program is not None:
            seccomp.enforce(self._confinement.filter_program)
        return places


def _drop_capabilities(kept: int) -> None:
    """Root's rights, and those of a namespace's owner, go; programs started cannot win them back."""
    _LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    if _LIBC.capset(_CAPABILITY_HEADER, struct.pack("<6I", kept, kept, 0, 0, 0, 0)):
        raise OSError(ctypes.get_errno(), "capset")


def _held() -> int:
    """The first 32 capabilities that this process may use, a bit each."""
    data = ctypes.create_string_buffer(24)
    _LIBC.capget(_CAPABILITY_HEADER, data)
    return int(struct.unpack("<6I", data.raw)[1])
