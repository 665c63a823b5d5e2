"""The documents of OpenSearch's security plugin: the library reaches its own indexes and no others."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.deploy import DEPLOY

FOLDER = DEPLOY / "opensearch" / "security"
KINDS = {
    "action_groups": "actiongroups", "config": "config", "internal_users": "internalusers", "nodes_dn": "nodesdn",
    "roles": "roles", "roles_mapping": "rolesmapping", "tenants": "tenants",
}  # fmt: skip


def document(name: str) -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(FOLDER / f"{name}.yml")
    return read


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_a_document_says_its_kind_as_the_plugin_wants_it(name: str, kind: str) -> None:
    assert document(name)["_meta"] == {"type": kind, "config_version": 2}


def test_the_library_works_on_its_own_indexes_alone() -> None:
    role = document("roles")["hoclieu_library"]
    assert [entry["index_patterns"] for entry in role["index_permissions"]] == [["hoclieu-*"]]
    allowed = [action for entry in role["index_permissions"] for action in entry["allowed_actions"]]
    # Whole families would bring what nobody has looked at.
    assert [
        a for a in allowed + role["cluster_permissions"] if a in ("*", "indices:*", "cluster:*", "indices_all")
    ] == []
    assert [a for a in role["cluster_permissions"] if not a.startswith(("cluster:monitor/", "indices:data/"))] == []


def test_every_name_that_is_mapped_has_a_role_and_every_role_a_name() -> None:
    roles, mapping = (set(document(name)) - {"_meta"} for name in ("roles", "roles_mapping"))
    assert roles == mapping


def test_nobody_comes_in_without_a_name_and_no_password_is_in_the_source() -> None:
    assert document("config")["config"]["dynamic"]["http"]["anonymous_auth_enabled"] is False
    assert set(document("internal_users")) == {"_meta"}
