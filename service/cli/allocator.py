"""What is freed goes back to the machine: for processes that live for months, unlike the children of the sandbox.

The search index is written by threads that come and go, each with some ten
megabytes for a moment. As it is set by itself, glibc gives every thread an
arena of its own and, once large blocks have been freed, keeps up to 64 MB in
each: a worker held 117 MB that nobody used, and more with every arena.
"""

import ctypes

# Source: mallopt(3), malloc.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
# One for Python, whose threads take turns anyway, and one for the index.
ARENAS = 2
# The index takes its memory by the megabyte. A threshold that is set no longer grows by itself.
MMAP_BYTES = 512 * 1024
TRIM_BYTES = 8 * 1024 * 1024


def give_back_freed_memory() -> None:
    """For this process, before its first thread. Nothing on a C library without mallopt."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in ((_M_ARENA_MAX, ARENAS), (_M_MMAP_THRESHOLD, MMAP_BYTES), (_M_TRIM_THRESHOLD, TRIM_BYTES)):
            mallopt(option, value)
