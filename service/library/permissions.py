"""Who may do what: one table, role x state x access x action, and the questions put to it.

Every use case asks here before it answers. Somebody without the right to see
a thing is told that it does not exist, so that an id tells nothing; only the
tombstone of something that was public says that it is gone, and why.
"""

import datetime
from typing import Literal, get_args

from service.errors import NotAllowed, NotFound, Withdrawn
from service.model import Access, Audience, Principal, Resource, Revision, Role

State = Literal["draft", "submitted", "published", "superseded", "hidden", "withdrawn"]
Action = Literal[
    "see", "download", "deposit", "publish", "withdraw", "reinstate", "clear", "purge", "report", "move", "term"
]

STATES: tuple[State, ...] = ("draft", "submitted", "published", "superseded", "hidden", "withdrawn")
ACCESSES: tuple[Access, ...] = ("public", "signed-in", "organisation")
ACTIONS: tuple[Action, ...] = get_args(Action)

# A superseded revision keeps its address for ever, as the published one does.
_READABLE: tuple[State, ...] = ("published", "superseded")

ALLOWED: frozenset[tuple[Role, State, Access, Action]] = frozenset(
    [("public", state, "public", action) for state in _READABLE for action in ("see", "download")]
    + [("operator", state, access, action) for state in STATES for access in ACCESSES for action in ACTIONS]
)


def state_of(resource: Resource, revision: Revision | None) -> State:
    """A resource that is taken away hides the state of all its revisions."""
    if resource.visibility != "live":
        return resource.visibility
    return revision.state if revision else "draft"


def access_of(resource: Resource, today: datetime.date | None = None) -> Access:
    """The access that holds today: an embargo keeps a resource inside its organisation."""
    today = today or datetime.datetime.now(datetime.UTC).date()
    if resource.embargo_until and resource.embargo_until > today:
        return "organisation"
    return resource.access


def allows(principal: Principal, resource: Resource, revision: Revision | None, action: Action) -> bool:
    return (principal.role, state_of(resource, revision), access_of(resource), action) in ALLOWED


def public(resource: Resource) -> bool:
    """Whether everybody may see its published revision today."""
    state: State = "draft" if resource.published is None else "published"
    return ("public", state if resource.visibility == "live" else resource.visibility, access_of(resource), "see") in (
        ALLOWED
    )


def require(principal: Principal, resource: Resource | None, revision: Revision | None, action: Action) -> Resource:
    """The resource, if the principal may.

    Raises: Withdrawn {reason}: its tombstone; NotFound: absent or not to be seen; NotAllowed: seen, but not this.
    """
    if resource is None:
        raise NotFound
    if allows(principal, resource, revision, action):
        return resource
    if resource.visibility == "withdrawn" and resource.published and access_of(resource) == "public":
        raise Withdrawn(reason=resource.withdrawn_reason)
    if action not in ("see", "download") and allows(principal, resource, revision, "see"):
        raise NotAllowed
    raise NotFound


def require_role(principal: Principal, action: Action) -> None:
    """For acts that begin without a resource (deposit, reports). Raises: NotAllowed."""
    if (principal.role, "draft", "public", action) not in ALLOWED:
        raise NotAllowed


def within(audience: Audience, resource: Resource) -> bool:
    """Whether a live resource is for these eyes today, whatever an index last heard of it."""
    access = access_of(resource)
    return (
        audience.everything
        or access == "public"
        or (access == "signed-in" and audience.signed_in)
        or (access == "organisation" and resource.owner in audience.organisations)
    )


def audience_of(principal: Principal) -> Audience:
    """What a search may show this principal."""
    return Audience(
        everything=principal.role == "operator",
        signed_in=principal.role != "public",
        organisations=principal.organisations,
    )
