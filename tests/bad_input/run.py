"""One run of the real batch over every case, on a library of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ingest.sandbox import Sandbox
from service.library import project
from service.library.batch import Batch, Options
from service.library.lanes import INDEXING, READING
from service.library.outcomes import Line
from service.library.services import Services
from service.library.work import Worker
from service.model import OPERATOR, Value
from tests.bad_input.case import Case


def run(services: Services, cases: Sequence[Case], folder: Path) -> Mapping[str, Line]:
    """Make every file in a folder of its own, hand all of them in, and wait. Returns: lines by the case's name.

    Case names are unique a family; the key is `family/name`.
    """
    services.catalogue.migrate()
    project.ensure(services)
    for case in cases:
        place = folder / case.family / case.name
        place.parent.mkdir(parents=True, exist_ok=True)
        case.make(place)
    values = (Value("licence", "CC-BY-4.0", "person"), Value("language", "vi", "person"))
    batch = Batch(services, OPERATOR, Options(publish=True, values=values))
    with Sandbox() as sandbox:
        worker = Worker(services, sandbox, lanes=READING + INDEXING)
        worker.start()
        try:
            batch.run([folder], finished=lambda _: None, healthy=worker.able)
        finally:
            worker.stop()
    lines = {line.path: line for line in batch.lines}
    return {f"{case.family}/{case.name}": lines[f"{case.family}/{case.line or case.name}"] for case in cases}
