"""Seccomp: system calls that no reader needs, and that a taken-over one would try, fail.

`program` has libseccomp compile the list once, in the warm parent; each child
loads the result with `enforce`, and whatever it starts inherits it. Readers,
LibreOffice and ffmpeg run under it: it names what is refused, because a list
of what is allowed would break with every release of theirs.

libseccomp (LGPL-2.1, a dependency of Debian's apt, so always there) is called
directly: five functions. Its own Python binding is not on PyPI, and the
re-implementation `pyseccomp` had its last release in 2021.
Source: seccomp_rule_add(3), seccomp_export_bpf(3), seccomp(2).
"""

import ctypes
import errno
import os
import socket
from collections.abc import Iterator

_LIBRARY = "libseccomp.so.2"
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_NOT_EQUAL, _EQUAL, _MASKED_EQUAL = 1, 4, 7
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_INSTRUCTION_BYTES = 8

_REFUSED = """
ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd
unshare setns mount umount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
open_by_handle_at name_to_handle_at fanotify_init quotactl quotactl_fd
connect
bpf perf_event_open userfaultfd keyctl add_key request_key init_module finit_module delete_module kexec_load
kexec_file_load reboot swapon swapoff acct syslog iopl ioperm modify_ldt settimeofday clock_settime clock_adjtime
adjtimex sethostname setdomainname lookup_dcookie vhangup uselib
"""
"""Other processes' memory; namespaces and mounts; files by handle; sockets of services on this machine (Landlock does
not know those); doors into the kernel that are rarely used and often broken.
"""

_ABSENT = "clone3 io_uring_setup io_uring_enter io_uring_register"
"""Said not to exist: programs fall back, to clone, whose flags can be seen, and to plain reads."""

_NEW_NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
_TYPE_MASK = 0xF


class _Comparison(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = (("argument", ctypes.c_uint), ("how", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def program() -> bytes | str:
    """The filter as the kernel takes it, or why there is none."""
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        return f"{_LIBRARY} is missing"
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(_ALLOW)))
    target = os.memfd_create("filter", os.MFD_CLOEXEC)
    try:
        for name, error, comparisons in _rules():
            number = library.seccomp_syscall_resolve_name(name.encode())
            given = (_Comparison * len(comparisons))(*comparisons)
            action = ctypes.c_uint32(_ERRNO | error)
            failed = library.seccomp_rule_add_array(context, action, number, len(comparisons), given)
            # Below zero: a call that this processor's kernel, or this version of the library, does not have.
            if failed and number >= 0:
                return f"{name}: {os.strerror(-failed)}"
        if failed := library.seccomp_export_bpf(context, target):
            return os.strerror(-failed)
        return os.pread(target, os.fstat(target).st_size, 0)
    finally:
        os.close(target)
        library.seccomp_release(context)


def enforce(filter_program: bytes) -> None:
    """From here on the filter holds, for ever and for every program started. Needs `no_new_privs`."""
    libc = ctypes.CDLL(None, use_errno=True)
    loaded = _Program(len(filter_program) // _INSTRUCTION_BYTES, filter_program)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(loaded), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def _rules() -> Iterator[tuple[str, int, tuple[_Comparison, ...]]]:
    """(system call, error number, comparisons that must all hold)."""
    for name in _REFUSED.split():
        yield name, errno.EPERM, ()
    for name in _ABSENT.split():
        yield name, errno.ENOSYS, ()
    for flag in _NEW_NAMESPACES:
        yield "clone", errno.EPERM, (_Comparison(0, _MASKED_EQUAL, flag, flag),)
    # No other family: some (vsock) are not even bound to the network namespace.
    yield "socket", errno.EAFNOSUPPORT, (_Comparison(0, _NOT_EQUAL, socket.AF_UNIX, 0),)
    for call in ("socket", "socketpair"):
        # A datagram is sent without connecting.
        local = _Comparison(0, _EQUAL, socket.AF_UNIX, 0)
        yield call, errno.EPERM, (local, _Comparison(1, _MASKED_EQUAL, _TYPE_MASK, socket.SOCK_DGRAM))
