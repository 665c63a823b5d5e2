"""Secrets and certificates of a site, made once by the script that an operator runs."""

import subprocess
from pathlib import Path

import pytest

from tests.deploy import DEPLOY, SITE


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "secrets"
    subprocess.run(["sh", str(DEPLOY / "prepare.sh"), SITE, str(folder)], check=True, timeout=120)
    return folder
