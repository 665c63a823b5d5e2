"""The compose file: its schema, the settings that it gives, what is published, guarded and limited."""

import ipaddress
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from service.settings import Settings, known
from tests.deploy import DEPLOY, tool

FILE = DEPLOY / "compose.yaml"
COMPOSE: dict[str, Any] = YAML(typ="safe").load(FILE)
SERVICES: dict[str, Any] = COMPOSE["services"]
LIBRARY = ("web-1", "web-2", "worker-1", "worker-2", "migrate", "backup")


def test_the_file_is_what_the_schema_of_compose_files_says() -> None:
    done = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(FILE)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", LIBRARY)
def test_every_setting_that_it_gives_is_one(name: str) -> None:
    given = {variable for variable in SERVICES[name]["environment"] if variable.startswith("HOCLIEU_")}
    assert given - set(known()) == set()


def test_no_secret_stands_in_the_file() -> None:
    secrets = [name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)]
    given = {variable for service in SERVICES.values() for variable in service.get("environment", {})}
    assert [name for name in secrets if f"HOCLIEU_{name.upper()}" in given] == []
    assert "POSTGRES_PASSWORD" not in given


def test_only_the_proxy_is_published() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    inside = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    reaching_out = [name for name, service in SERVICES.items() if set(service.get("networks", ())) - inside]
    assert reaching_out == ["proxy"]
    # Nor does it reach the database, the files or the index by itself.
    assert set(SERVICES["proxy"]["networks"]) == {"outside", "inside"}


def test_the_library_believes_the_proxy_and_nobody_else() -> None:
    proxy = SERVICES["proxy"]["networks"]["inside"]["ipv4_address"]
    assert {SERVICES[name]["environment"]["HOCLIEU_TRUSTED_PROXIES"] for name in LIBRARY} == {proxy}
    subnet = ipaddress.ip_network(COMPOSE["networks"]["inside"]["ipam"]["config"][0]["subnet"])
    webs = [SERVICES[name]["networks"]["inside"]["ipv4_address"] for name in ("web-1", "web-2")]
    assert all(ipaddress.ip_address(address) in subnet for address in (proxy, *webs))
    assert all(f"server {address}:8000" in SERVICES["proxy"]["environment"]["WEB_SERVERS"] for address in webs)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_everything_is_bounded_and_guarded(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    # OpenSearch writes its keystore beside its settings.
    assert service["read_only"] is (name != "opensearch")
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory", "pids"} <= limits.keys()
    assert service["logging"]["options"]["max-size"]
    image = service["image"]
    assert image.startswith("hoclieu-") or image.rpartition(":")[2] not in ("", "latest")
    once = service["restart"] == "no"
    assert once or service.get("healthcheck") or image.startswith("hoclieu-")


def test_docker_s_filter_is_lifted_for_those_alone_who_confine_readers_themselves() -> None:
    lifted = [name for name, service in SERVICES.items() if "seccomp=unconfined" in service["security_opt"]]
    assert lifted == ["worker-1", "worker-2"]


def test_whoever_serves_waits_for_the_schema_and_the_schema_for_its_parts() -> None:
    for name in ("web-1", "web-2", "worker-1", "worker-2"):
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert set(SERVICES["migrate"]["depends_on"]) == {"postgresql", "bucket", "opensearch"}


def test_the_script_makes_every_secret_that_it_names(secrets: Path) -> None:
    assert {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()} <= {
        path.name for path in secrets.iterdir()
    }
    used = {
        secret if isinstance(secret, str) else secret["source"]
        for service in SERVICES.values()
        for secret in service.get("secrets", ())
    }
    assert used == set(COMPOSE["secrets"])


def test_a_mounted_file_of_the_project_is_there() -> None:
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", ())]
    ours = [mount.split(":")[0] for mount in mounts if mount.startswith("./")]
    assert ours
    assert [place for place in ours if not (DEPLOY / place).exists()] == []
