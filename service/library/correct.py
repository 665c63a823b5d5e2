"""What a sheet says anew of a resource that it names: the way of a report that somebody has corrected.

Called by a deposit whose bytes the library has already, in its unit of work. A
sheet that names no resource corrects nothing that is published: the same file
may lie in several folders, and each row would undo what the other says.
"""

from collections.abc import Sequence
from dataclasses import replace

from service.library.values import corrected
from service.model import Principal, Resource, Revision, Value
from service.ports import UnitOfWork


def correction(
    work: UnitOfWork, resource: Resource, values: Sequence[Value], *, publish: bool
) -> tuple[Revision, tuple[Value, ...]] | None:
    """The revision that the values correct, and all values that it then has; None: nothing would change, or somebody
    is at work on it.
    """
    draft = work.resources.open_revision(resource.key)
    shown = work.resources.revision(resource.key, resource.published) if resource.published else None
    current = shown or draft
    if current is None or (shown is not None and (draft is not None or not publish)):
        return None
    # What options say of all files is no correction of one that is out already.
    said = values if shown is None else [value for value in values if value.origin == "sheet"]
    merged = corrected(current.values, said)
    return (current, merged) if changed(current.values, merged) else None


def correct(
    work: UnitOfWork, principal: Principal, resource: Resource, values: Sequence[Value], *, publish: bool, priority: int
) -> bool:
    """A draft takes the values, a published resource gets a revision with what the sheet says, and a job follows.

    Returns: whether there is a `correction`.
    """
    found = correction(work, resource, values, publish=publish)
    if found is None:
        return False
    current, merged = found
    if current.state == "draft":
        work.resources.save_revision(replace(current, values=merged))
    else:
        work.resources.add_revision(resource.key, values=merged, files=current.files)
    fields = ", ".join(changed(current.values, merged))
    work.events.add("corrected", resource.key, principal.role, {"fields": fields})
    work.jobs.add("publish" if publish else "read", resource.id, priority=priority)
    return True


def changed(before: Sequence[Value], after: Sequence[Value]) -> list[str]:
    """Fields that differ. Where in a sheet a value stands is no change of what is said."""
    was, now = ({replace(value, where="") for value in values} for values in (before, after))
    return sorted({value.field for value in was ^ now})
