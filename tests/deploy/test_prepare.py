"""Secrets and certificates: closed, whole, the same after a second run, and never handed out with the source."""

import stat
import subprocess
from pathlib import Path

import pytest

from service.web.source import _files
from tests.deploy import DEPLOY, SITE
from tests.unit.house.tree import ROOT


def openssl(*words: str) -> str:
    return subprocess.run(["openssl", *words], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(("name", "purpose"), [
    ("s3", "sslserver"), ("opensearch", "sslserver"), ("opensearch", "sslclient"), ("library", "sslclient"),
    ("opensearch-admin", "sslclient"), ("site", "sslserver"),
])  # fmt: skip
def test_a_certificate_is_good_for_what_it_is_for(secrets: Path, name: str, purpose: str) -> None:
    said = openssl(
        "verify", "-CAfile", str(secrets / "inside-ca.pem"), "-purpose", purpose, str(secrets / f"{name}.pem")
    )
    assert said.endswith(": OK\n")


@pytest.mark.parametrize("host", [SITE, f"0abcdefghjkm.play.{SITE}"])
def test_the_site_s_certificate_covers_simulations_too(secrets: Path, host: str) -> None:
    said = openssl("x509", "-in", str(secrets / "site.pem"), "-noout", "-checkhost", host)
    assert "does match" in said


def test_the_library_is_no_server_and_no_administrator(secrets: Path) -> None:
    purposes = openssl("x509", "-in", str(secrets / "library.pem"), "-noout", "-purpose")
    assert "SSL server : No" in purposes
    assert "CN = hoclieu\n" in openssl("x509", "-in", str(secrets / "library.pem"), "-noout", "-subject")
    assert "CN=hoclieu-admin" in (DEPLOY / "opensearch/opensearch.yml").read_text(encoding="utf-8")


def test_nobody_else_enters_the_folder_and_the_ca_stays_with_root(secrets: Path) -> None:
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    closed = {path.name for path in secrets.iterdir() if stat.S_IMODE(path.stat().st_mode) == 0o400}
    assert closed == {"inside-ca.key", "opensearch-admin.key", "s3-operator-key"}


def test_a_second_run_changes_nothing(secrets: Path) -> None:
    before = {path.name: path.read_bytes() for path in secrets.iterdir()}
    subprocess.run(["sh", str(DEPLOY / "prepare.sh"), SITE, str(secrets)], check=True, timeout=120)
    assert {path.name: path.read_bytes() for path in secrets.iterdir()} == before


def test_the_source_that_readers_may_have_holds_what_runs_it_and_no_secret(tmp_path: Path) -> None:
    served = {path.relative_to(ROOT).as_posix() for path in _files(ROOT)}
    assert {"deploy/Dockerfile", "deploy/compose.yaml", "deploy/systemd/hoclieu.target"} <= served
    assert "deploy/nginx/hoclieu.conf.template" in served
    assert [path for path in served if path.startswith("secrets") or path.endswith(".env")] == []
