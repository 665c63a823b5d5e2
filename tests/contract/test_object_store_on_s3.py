"""The object store's contract on a real S3 server."""

from pathlib import Path

import pytest

from service.adapters.objects.s3 import S3Store
from tests.contract.object_store import ObjectStoreContract
from tests.servers.s3 import S3Server


class TestObjectStoreOnS3(ObjectStoreContract):
    @pytest.fixture
    def store(self, s3_server: S3Server, bucket: str, tmp_path: Path) -> S3Store:
        return s3_server.store(bucket, tmp_path)
