"""Room that new files leave free on a disk, so that database, index and readers can go on."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from service.adapters.objects.disk import translated
from service.errors import StorageLow
from service.ports import Room

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Keep:
    """How much stays free: a share of the disk in percent, or so many bytes, whichever is more."""

    percent: float = 0.0
    size_bytes: int = 0

    def of(self, total_bytes: int) -> int:
        return max(self.size_bytes, int(total_bytes * self.percent / 100))


NOTHING_KEPT = Keep()


class Guard:
    """Asks the file system each time: 2 µs, and others fill it too."""

    def __init__(self, root: Path, keep: Keep) -> None:
        self._root = root
        self._keep = keep

    def room(self) -> Room:
        """Of the disk on which the folder lies, or will lie. free: for this user, without what root alone may take."""
        place = self._root
        while not place.exists() and place != place.parent:
            place = place.parent
        with translated():
            disk = shutil.disk_usage(place)
        return Room(disk.free, self._keep.of(disk.total))

    def admit(self, size_bytes: int) -> None:
        """Raises: StorageLow: with so many bytes more, less would be free than is kept."""
        if self._keep == NOTHING_KEPT:
            return
        room = self.room()
        if room.free_bytes - size_bytes < room.kept_bytes:
            raise StorageLow(free_megabytes=room.free_bytes // MEGABYTE, kept_megabytes=-(-room.kept_bytes // MEGABYTE))
