"""The contract of staging in a folder."""

from pathlib import Path

import pytest

from service.adapters.objects.folder import FolderStore
from tests.contract.staging import StagingContract


class TestStagingOnFolder(StagingContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> FolderStore:
        return FolderStore(tmp_path / "objects")
