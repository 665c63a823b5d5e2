"""What is asked of other machines: one address at a time, answered as bytes that come when they are read."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol


class Fetched(Protocol):
    """An answer whose body is still to be read. headers: names in lower case."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...

    def read(self, size: int) -> bytes:
        """At most so many bytes, unpacked; empty at the end. Raises: SourceAway: cut off, or too slow."""
        ...


class Fetcher(Protocol):
    """The web, as far as it may be asked."""

    def close(self) -> None: ...

    def get(self, url: str) -> AbstractContextManager[Fetched]:
        """Redirects are followed, a few of them; the host of `url` is one that the operator has named.

        Raises: SourceAway: nobody answers there in time, or it leads nowhere; PrivateAddress: it leads into a
        network that may not be asked.
        """
        ...
