"""The permission table and the questions put to it."""

import datetime
from dataclasses import replace

import pytest

from service.errors import NotAllowed, NotFound, Withdrawn
from service.library.permissions import ACCESSES, ACTIONS, ALLOWED, STATES, allows, audience_of, require, require_role
from service.model import OPERATOR, PUBLIC, Access, Resource, ResourceId, ResourceKey, Revision, RevisionState

NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)


def resource(access: Access = "public", **changes: object) -> Resource:
    made = Resource(
        key=ResourceKey(1),
        id=ResourceId("0123456789ab"),
        owner="default",
        origin="local",
        visibility="live",
        access=access,
        embargo_until=None,
        published=1,
        created_at=NOW,
        modified_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def revision(state: RevisionState) -> Revision:
    return Revision(ResourceKey(1), 1, state, (), (), NOW)


def test_the_operator_may_everything_and_the_public_only_what_is_published_for_all() -> None:
    for state in STATES:
        for access in ACCESSES:
            for action in ACTIONS:
                assert ("operator", state, access, action) in ALLOWED
                may = ("public", state, access, action) in ALLOWED
                readable = state in ("published", "superseded") and access == "public"
                assert may == (readable and action in ("see", "download"))


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_what_is_not_published_does_not_exist_for_the_public(state: RevisionState) -> None:
    with pytest.raises(NotFound):
        require(PUBLIC, resource(), revision(state), "see")


def test_a_withdrawn_resource_shows_the_public_its_tombstone_and_nothing_else() -> None:
    gone = resource(visibility="withdrawn", withdrawn_reason="sai bản quyền")
    with pytest.raises(Withdrawn) as raised:
        require(PUBLIC, gone, revision("published"), "see")
    assert raised.value.parameters == {"reason": "sai bản quyền"}
    with pytest.raises(NotFound):
        require(PUBLIC, replace(gone, published=None), None, "see")
    with pytest.raises(NotFound):
        require(PUBLIC, replace(gone, access="organisation"), revision("published"), "see")


def test_an_embargo_keeps_a_resource_inside_until_its_day() -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    assert not allows(PUBLIC, resource(embargo_until=today + datetime.timedelta(days=1)), revision("published"), "see")
    assert allows(PUBLIC, resource(embargo_until=today), revision("published"), "see")


def test_who_may_see_but_not_act_is_told_so() -> None:
    with pytest.raises(NotAllowed):
        require(PUBLIC, resource(), revision("published"), "withdraw")
    with pytest.raises(NotAllowed):
        require_role(PUBLIC, "deposit")


def test_an_audience_is_narrow_unless_the_role_widens_it() -> None:
    assert not audience_of(PUBLIC).everything
    assert not audience_of(PUBLIC).signed_in
    assert audience_of(OPERATOR).everything
