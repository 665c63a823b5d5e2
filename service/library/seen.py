"""Which derived objects were there when last looked, so that a page of results asks the store only for what is new.

Twenty looks a page cost a folder some milliseconds and a bucket twenty
requests. What is derived stays as it is for as long as its source does; a
picture that went with its source is shown by no page any more.
"""

from service.ports import ObjectStore

# Of a hundred bytes each; a library with more begins to remember anew.
MOST_KEYS = 50_000


class Seen:
    """Of one process. Safe for threads."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def there(self, objects: ObjectStore, key: str) -> bool:
        """Raises: Unavailable: it has not been seen yet, and the store is away."""
        if key in self._keys:
            return True
        if not objects.exists(key):
            return False
        if len(self._keys) >= MOST_KEYS:
            self._keys.clear()
        self._keys.add(key)
        return True
