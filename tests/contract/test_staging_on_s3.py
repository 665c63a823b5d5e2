"""The contract of staging on a real S3 server."""

from pathlib import Path

import pytest

from service.adapters.objects.s3 import S3Store
from tests.contract.staging import StagingContract
from tests.servers.s3 import S3Server


class TestStagingOnS3(StagingContract):
    @pytest.fixture
    def store(self, s3_server: S3Server, bucket: str, tmp_path: Path) -> S3Store:
        return s3_server.store(bucket, tmp_path)
