"""The object store's contract in a folder."""

from pathlib import Path

import pytest

from service.adapters.objects.folder import FolderStore
from tests.contract.object_store import ObjectStoreContract


class TestObjectStoreOnFolder(ObjectStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> FolderStore:
        return FolderStore(tmp_path / "objects")
