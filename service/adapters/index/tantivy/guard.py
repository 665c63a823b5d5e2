"""Nothing of tantivy's own errors leaves the adapter: they become IndexUnavailable.

A panic in its Rust code arrives as `PanicException`, which is no Exception and
cannot be imported; it is known by its name.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from service.errors import IndexUnavailable


@contextmanager
def guarded(generation: str) -> Iterator[None]:
    """Raises: IndexUnavailable, naming the generation, for whatever the engine or its files raise."""
    try:
        yield
    except IndexUnavailable:
        raise
    except (ValueError, OSError, RuntimeError, KeyError) as error:
        raise IndexUnavailable(part="index", generation=generation, cause=str(error)[:300]) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailable(part="index", generation=generation, cause=str(error)[:300]) from error
