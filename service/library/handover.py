"""Hand records over where nobody harvests: a dated folder with what changed since the last one.

Everything that harvesters get is walked by id; what is as it was when it was
looked at last costs a comparison. A record that meets the profile and was not
sent like this before goes into the package; one that was, and has been
withdrawn or does not meet it any more, is named among the withdrawn. What was
sent is written down only when the whole package stands under its name, so a
killed run leaves nothing behind that counts, and the next one begins anew.

A package holds so many records at most. Where the rest are news, the next run
finds them by that; where everything is sent again, the next run of this kind
goes on behind what was in it (`rounds`).
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from service.crosswalks import Record, lom
from service.errors import Conflict, Invalid, LibraryError, ObjectDamaged, ObjectMissing, SettingNeeded, Unavailable
from service.library import records, rendering, rounds
from service.library.packaging import Folder
from service.library.permissions import access_of, require_role
from service.library.profile import Profile
from service.library.rendering import Looked
from service.library.services import Services
from service.links import Links
from service.model import LOCAL, Handed, Inventoried, Package, Principal
from service.ports import UnitOfWork
from service.settings import DEFAULT_REPOSITORY_ID, PREFIX, Settings

log = logging.getLogger(__name__)

PAGE = 200
WRITTEN_AT_ONCE = 500
MOST = 100_000
"""Records a package; what is left comes into the next one."""
HELD = ("sent", "accepted")
EXAMPLES = {"public_url": "https://hoclieu.example.vn", "repository_id": "hoclieu.example.vn"}


@dataclass(frozen=True, slots=True)
class Made:
    """What a run came to. folder: None: nothing had changed. withdrawn: told to give back; lacking: not sent.

    failed: id -> code of what went wrong with it; it is tried again in the next run. more: there was one too many.
    resumed: a round with everything that an earlier run had not finished went on.
    """

    folder: Path | None
    name: str
    records: int = 0
    files: int = 0
    withdrawn: int = 0
    lacking: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)
    more: bool = False
    resumed: bool = False


@dataclass(slots=True)
class _Run:
    """A run under way. told: what the package says, to be written down at its end; looked_at: what is true anyway.

    behind: the id behind which what was sent before is sent again; passed: the last one that was seen to.
    full: one more would have been added.
    """

    services: Services
    profile: Profile
    out: Path
    everything: bool
    most: int
    behind: str = ""
    passed: str = ""
    full: bool = False
    folder: Folder | None = None
    records: int = 0
    lacking: int = 0
    withdrawn: list[tuple[str, str, str]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    told: list[Handed] = field(default_factory=list)
    looked_at: list[Handed] = field(default_factory=list)

    def again(self, one: Inventoried) -> bool:
        """Whether it is sent though it was sent before."""
        return self.everything and one.id > self.behind


def hand_over(
    services: Services,
    principal: Principal,
    profile: Profile,
    out: Path,
    *,
    everything: bool = False,
    most: int = MOST,
    step: Callable[[int], None] = lambda _records: None,
) -> Made:
    """Write the next package of a profile into the folder `out`.

    everything: what was sent before, too, from where the last such run was full. step: called with the number of
    records so far.
    Raises: NotAllowed; SettingNeeded; Invalid {field: OUT}: nothing can be written there; Unavailable.
    """
    require_role(principal, "move")
    _known_outside(services.settings)
    run = _Run(
        services, profile, out, everything, most, behind=rounds.left_off(services, profile) if everything else ""
    )
    run.passed = run.behind
    try:
        for page in _pages(services):
            _take(run, page)
            step(run.records)
            if run.full:
                break
        return _finish(run, principal)
    except OSError as error:
        raise Invalid(field="OUT", value=f"{out}: {error.strerror}") from error
    finally:
        if run.folder is not None:
            run.folder.discard()


def _known_outside(settings: Settings) -> None:
    """Raises: SettingNeeded: a package would say for good what holds on this machine only."""
    missing = [] if settings.public_url else ["public_url"]
    if settings.repository_id == DEFAULT_REPOSITORY_ID:
        missing.append("repository_id")
    if missing:
        names = {PREFIX + name.upper(): EXAMPLES[name] for name in missing}
        raise SettingNeeded(names=", ".join(names), example=" ".join(f"{name}={one}" for name, one in names.items()))


def _pages(services: Services) -> Iterator[Sequence[Inventoried]]:
    after = ""
    while True:
        with services.catalogue.reading() as work:
            page = work.oai.by_id(after, PAGE)
        if not page:
            return
        yield page
        after = page[-1].id


def _take(run: _Run, page: Sequence[Inventoried]) -> None:
    with run.services.catalogue.reading() as work:
        known = work.handovers.items(run.profile.name, [one.key for one in page])
    # What it is like, and what it was judged by.
    seen = {one.key: f"{one.state} {run.profile.fingerprint}" for one in page}
    changed = [one for one in page if run.again(one) or one.key not in known or known[one.key].seen != seen[one.key]]
    looked = {
        resource.id: (resource.key, view)
        for resource, view in rendering.views(run.services, [one.id for one in changed if not one.deleted])
    }
    for one in changed:
        before = known.get(one.key, Handed(one.key, "lacking", ""))
        now = replace(before, seen=seen[one.key])
        if one.deleted:
            _give_up(run, one, before, now, "deleted")
        elif (found := looked.get(one.id)) and found[1] is not None:
            if found[1].view.resource.origin == LOCAL:
                _judge(run, one, found[1], before, now)
            else:
                # Its source hands it over.
                _give_up(run, one, before, now, "not-ready")
        # One that was taken away a moment ago is a tombstone by the next run.
        if run.full:
            break
        run.passed = max(run.passed, one.id)
    if run.looked_at:
        run.services.catalogue.write(partial(_record, run.profile.name, run.looked_at))
        run.looked_at = []


def _give_up(run: _Run, one: Inventoried, before: Handed, now: Handed, why: str) -> None:
    """Not to be handed over: whoever has it is told."""
    if before.state in HELD or (run.again(one) and before.state == "withdrawn"):
        identifier = f"oai:{run.services.settings.repository_id}:{one.id}"
        run.withdrawn.append((identifier, one.datestamp, why))
        run.told.append(replace(now, state="withdrawn", digest="", reason=""))
    else:
        given_up = before.state == "withdrawn"
        run.looked_at.append(now if given_up else replace(now, state="lacking", digest="", reason=""))


def _judge(run: _Run, one: Inventoried, looked: Looked, before: Handed, now: Handed) -> None:
    services = run.services
    try:
        thumbnail = access_of(looked.view.resource) == "public"
        record = records.record(services, Links(services.settings.public_url), looked.view, thumbnail=thumbnail)
        if run.profile.judge(record):
            run.lacking += 1
            _give_up(run, one, before, now, "not-ready")
            return
        digest = _digest(run.profile, record)
        # What was refused is sent again when it is another one.
        if before.digest == digest and before.state in (*HELD, "refused") and not run.again(one):
            run.looked_at.append(now)
            return
        if run.records >= run.most:
            run.full = True
            return
        taken = {file.sha256 for file in record.files} if run.profile.takes_files(record) else set()
        _folder(run).add(one, record, [entry for entry in looked.view.revision.files if entry.sha256 in taken])
    except (ObjectMissing, ObjectDamaged) as error:
        # Its file is gone, the others are not.
        _failed(run, one, before, error.code)
    except (Unavailable, Conflict, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - a record that cannot be told does not hold up the others
        _failed(run, one, before, error.code if isinstance(error, LibraryError) else type(error).__name__)
        log.warning("not-handed-over", extra={"resource": one.id, "error": run.failed[one.id]})
    else:
        run.records += 1
        run.told.append(replace(now, state="sent", digest=digest, reason=""))


def _failed(run: _Run, one: Inventoried, before: Handed, code: str) -> None:
    """Whatever is known of it: the next run looks at it and sends it."""
    run.failed[one.id] = code
    run.looked_at.append(replace(before, seen="", digest=""))


def _digest(profile: Profile, record: Record) -> str:
    """Of what is sent: the table's row, the description, the files. When something changed last is no news itself."""
    record = replace(record, modified=None)
    summed = hashlib.sha256()
    for part in (*profile.row(record), lom.write(record), *(one.sha256 for one in record.files)):
        data = part.encode()
        summed.update(b"%d " % len(data))
        summed.update(data)
    return summed.hexdigest()


def _folder(run: _Run) -> Folder:
    """Begun with the first record."""
    if run.folder is None:
        with run.services.catalogue.reading() as work:
            known = {one.name for one in work.handovers.packages(run.profile.name)}
        beginning = f"{run.profile.name}-{datetime.now(UTC):%Y-%m-%d}"
        numbered = (f"{beginning}-{number:03}" for number in count(len(known) + 1))
        # One that a killed run has finished and not written down stands there, and counts for nothing.
        name = next(name for name in numbered if name not in known and not (run.out / name).exists())
        run.folder = Folder(run.services, run.profile, run.out, name)
    return run.folder


def _finish(run: _Run, principal: Principal) -> Made:
    resumed = bool(run.behind)
    if not (run.records or run.withdrawn):
        _mark(run, principal)
        return Made(None, "", lacking=run.lacking, failed=run.failed, resumed=resumed)
    folder = _folder(run)
    path = folder.finish(run.withdrawn)

    def begun(work: UnitOfWork) -> Package:
        made = work.handovers.add(folder.name, run.profile.name, records=run.records, withdrawn=len(run.withdrawn))
        counted: dict[str, str | int] = {
            "package": folder.name,
            "records": run.records,
            "withdrawn": len(run.withdrawn),
        }
        work.events.add("handed-over", None, principal.role, {"profile": run.profile.name, **counted})
        return made

    package = run.services.catalogue.write(begun)
    told = [replace(one, package=package.key) for one in run.told]
    for start in range(0, len(told), WRITTEN_AT_ONCE):
        run.services.catalogue.write(partial(_record, run.profile.name, told[start : start + WRITTEN_AT_ONCE]))
    # Last of all: whoever is killed before this sends the same again.
    _mark(run, principal)
    return Made(
        path,
        folder.name,
        run.records,
        folder.files,
        len(run.withdrawn),
        run.lacking,
        run.failed,
        more=run.full,
        resumed=resumed,
    )


def _mark(run: _Run, principal: Principal) -> None:
    """Where one run was enough for everything there is nothing to go on with."""
    if run.everything and (run.full or run.behind):
        rounds.mark(run.services, principal, run.profile, run.passed if run.full else "")


def _record(profile: str, rows: Sequence[Handed], work: UnitOfWork) -> None:
    work.handovers.record(profile, rows)
