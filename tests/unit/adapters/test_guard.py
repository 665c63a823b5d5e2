"""What new files leave free: deposits are refused in time, everything that readers need goes on."""

import io
from pathlib import Path

import pytest

from service import compose
from service.adapters.objects.folder import FolderStore
from service.adapters.objects.guard import Guard, Keep
from service.errors import StorageFull, StorageLow
from service.ports import blob_key
from service.settings import Settings

MORE_THAN_THERE_IS = Keep(size_bytes=10**18)


def test_the_larger_of_share_and_size_is_kept() -> None:
    keep = Keep(5.0, 2_000_000_000)
    assert (keep.of(10_000_000_000), keep.of(100_000_000_000)) == (2_000_000_000, 5_000_000_000)


def test_the_disk_is_that_on_which_a_folder_will_lie(tmp_path: Path) -> None:
    there, later = Guard(tmp_path, Keep(5.0)).room(), Guard(tmp_path / "a" / "b", Keep(5.0)).room()
    assert there.kept_bytes == later.kept_bytes > 0


def test_without_room_new_bytes_are_refused_and_everything_else_goes_on(tmp_path: Path) -> None:
    roomy = FolderStore(tmp_path)
    known = roomy.put_blob(io.BytesIO(b"abc"))
    roomy.staging.begin("upload")
    store = FolderStore(tmp_path, MORE_THAN_THERE_IS)
    for act in (
        store.look,
        lambda: store.put_blob(io.BytesIO(b"new")),
        lambda: store.staging.append("upload", 0, b"new"),
    ):
        with pytest.raises(StorageLow) as caught:
            act()
        assert isinstance(caught.value, StorageFull)
        assert caught.value.parameters["kept_megabytes"] == 10**12
    assert store.put_blob(io.BytesIO(b"abc")).known
    assert store.get(blob_key(known.sha256)) == b"abc"
    store.put("derived/page", b"drawn")
    store.check()
    assert store.staging.finish("upload").size_bytes == 0


def test_a_file_that_would_take_what_is_kept_is_refused_and_a_smaller_one_is_not(tmp_path: Path) -> None:
    free = Guard(tmp_path, Keep()).room().free_bytes
    guard = Guard(tmp_path, Keep(size_bytes=free // 2))
    guard.admit(1000)
    with pytest.raises(StorageLow):
        guard.admit(free)


def test_places_of_backups_keep_nothing_free(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", keep_free_gigabytes=1_000_000)
    place = compose.place(settings, str(tmp_path / "place"))
    place.look()
    assert place.put_blob(io.BytesIO(b"abc")).size_bytes == 3
    with pytest.raises(StorageLow):
        compose.services(settings).objects.look()
