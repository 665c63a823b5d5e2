"""A full harvest of 100,000 records beside a bare endpoint that reads the same rows: `make bench-oai`.

Records a second of the server's processor, uncompressed, 500 a page; harvests
by turns, the judged one is the pair with the median ratio. Then: whether the
last tenth is as fast as the first, whether memory stays flat, and how long
somebody waits for 10 changes.

    python -m tests.benchmarks.oai [--records 100000] [--turns 5]
"""

import argparse
import contextlib
import datetime
import http.client
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from service import compose
from service.crosswalks import Concept, File, Record, Text
from service.library import rendering
from service.library.records import concept_of
from service.library.services import Services
from service.library.sets import spec_of
from service.model import Content, Rendered, Resource
from service.ports import UnitOfWork
from service.settings import Settings
from tests.benchmarks.figures import figure, report
from tests.benchmarks.memory import own_pss_mb
from tests.conftest import Served

# Run by `make bench-oai`, not with the others.
BY_NAME = True

PAGE = 500
FORMAT = "oai_dc"
LEAST_RATIO, MOST_SLOWER, MOST_GROWTH_MB, MOST_MS = 0.6, 1.2, 20.0, 20.0
CHANGES = 10
DESCRIPTION = "Bài giảng có ví dụ, bài tập luyện tập và câu hỏi vận dụng cho học sinh. " * 3
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]*)</resumptionToken>")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Harvest:
    """seconds: of the server's processor. waits: by the clock, page by page. megabytes: of the server."""

    records: int
    seconds: float
    waits: list[float]
    megabytes: list[float]

    @property
    def rate(self) -> float:
        return self.records / self.seconds


def fill(services: Services, count: int) -> list[Resource]:
    """Records as the crosswalks write them, with sets as real ones have."""
    vocabularies = services.vocabularies
    subjects, grades, types = (sorted(vocabularies.terms[field]) for field in ("subject", "grade", "type"))
    made: list[Resource] = []

    def concept(field: str, code: str) -> Concept:
        return concept_of(vocabularies, field, code, ("vi", "en"))

    while len(made) < count:
        number = min(PAGE, count - len(made))
        with services.catalogue.writing() as work:
            resources = work.resources.add_all([Content()] * number, owner="default")
        stamped = []
        for place, resource in enumerate(resources, start=len(made)):
            codes = {
                "subject": subjects[place % len(subjects)],
                "grade": grades[place % len(grades)],
                "type": types[place % len(types)],
            }
            record = Record(
                identifier=f"oai:hoclieu.example:{resource.id}",
                url=f"{rendering.PUBLIC}/resources/{resource.id}",
                titles=(Text(f"Bài {place}. Đồ thị của hàm số bậc hai và ứng dụng", "vi"),),
                descriptions=(Text(DESCRIPTION, "vi"),),
                languages=("vi",),
                keywords=(Text("parabol", "vi"), Text("trục đối xứng", "vi")),
                type=concept("type", codes["type"]),
                subjects=(concept("subject", codes["subject"]),),
                grades=(concept("grade", codes["grade"]),),
                creators=("Nguyễn Thị Hoa", "Tổ Toán"),
                publishers=("Sở Giáo dục và Đào tạo",),
                published=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
                licence=concept("licence", "CC-BY-4.0"),
                files=(
                    File(f"{rendering.PUBLIC}/resources/{resource.id}/files/1", "application/pdf", place, "a" * 64),
                ),
            )
            forms = {one.FORMAT.name: one.write(record) for one in rendering.FORMATS}
            specs = ("school:default", *(spec_of(vocabularies, field, code) for field, code in codes.items()))
            stamped.append(Rendered(resource.key, resource.id, 1, specs, forms, "f", str(place)))
        services.catalogue.write(partial(_stamp, stamped))
        made += resources
    return made


def _stamp(rendered: list[Rendered], work: UnitOfWork) -> int:
    return work.oai.stamp(rendered)


def processor(pid: int) -> float:
    """Seconds of the processor that a process has used. Source: proc(5), utime and stime."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Client:
    """One connection that stays."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)

    def get(self, path: str) -> tuple[http.client.HTTPResponse, bytes, float]:
        began = time.perf_counter()
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        return answer, body, time.perf_counter() - began


def harvest(client: Client, pid: int, walk: Callable[[Client], Iterator[tuple[int, float]]]) -> Harvest:
    """Walk over everything."""
    before, records, waits, megabytes = processor(pid), 0, list[float](), list[float]()
    for number, (found, wait) in enumerate(walk(client)):
        records += found
        waits.append(wait)
        if number % 20 == 0:
            megabytes.append(own_pss_mb(pid) or 0.0)
    return Harvest(records, processor(pid) - before, waits, megabytes)


def ours(client: Client) -> Iterator[tuple[int, float]]:
    """(records, seconds) of each page."""
    path = f"/oai?verb=ListRecords&metadataPrefix={FORMAT}"
    while path:
        _, body, wait = client.get(path)
        yield body.count(b"<record>"), wait
        token = _TOKEN.search(body, len(body) - 2000)
        said = token[1].decode() if token else ""
        path = f"/oai?verb=ListRecords&resumptionToken={quote(said)}" if said else ""


def bare(client: Client) -> Iterator[tuple[int, float]]:
    place = {"datestamp": "", "id": ""}
    while place:
        answer, _, wait = client.get(f"/page?{urlencode({'format': FORMAT, 'size': PAGE, **place})}")
        yield int(answer.headers["X-Records"]), wait
        following = answer.headers["X-Next"].split()
        place = dict(zip(("datestamp", "id"), following, strict=True)) if following else {}


@contextlib.contextmanager
def bare_server(database: Path) -> Iterator[tuple[str, int]]:
    """Its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["uvicorn", "tests.benchmarks.oai_bare:app", "--port", str(port)]
    words += ["--log-level", "warning", "--no-access-log"]
    process = subprocess.Popen([sys.executable, "-m", *words], env={**os.environ, "BARE_DATABASE": str(database)})
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(30)


def change(services: Services, resources: list[Resource]) -> str:
    """Ten records get another title. Returns: from which datestamp on they are found."""
    changed = []
    for resource in resources:
        with services.catalogue.reading() as work:
            held = work.oai.get(resource.id, FORMAT)
        assert held is not None
        forms = {FORMAT: (held.xml or "").replace("Đồ thị", "Đồ thị (sửa)")}
        changed.append(Rendered(resource.key, resource.id, 2, ("school:default",), forms, "f", secrets.token_hex(4)))
    services.catalogue.write(lambda work: work.oai.stamp(changed))
    with services.catalogue.reading() as work:
        return work.oai.issued()


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--records", type=int, default=100_000)
    arguments.add_argument("--turns", type=int, default=5)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        services = compose.services(Settings(home=home))
        services.catalogue.migrate()
        resources = fill(services, given.records)
        served = Served(home, "--no-worker", HOCLIEU_OAI_PAGE=str(PAGE), HOCLIEU_LOG_FORMAT="json")
        with served as address, bare_server(home / "library.sqlite") as (beside, bare_pid):
            mine, other = Client(address), Client(beside)
            # The first of each pays for what is read and compiled for the first time.
            harvest(mine, served.pid, ours)
            harvest(other, bare_pid, bare)
            pairs = [(harvest(other, bare_pid, bare), harvest(mine, served.pid, ours)) for _ in range(given.turns)]
            assert {one.records for pair in pairs for one in pair} == {given.records}
            there, here = sorted(pairs, key=lambda pair: pair[1].rate / pair[0].rate)[len(pairs) // 2]
            tenth = max(1, len(here.waits) // 10)
            first, last = (statistics.median(waits) * 1000 for waits in (here.waits[:tenth], here.waits[-tenth:]))
            gained = max(here.megabytes) - here.megabytes[0]
            time.sleep(1.1)
            since = change(services, resources[:CHANGES])
            asked = f"/oai?verb=ListRecords&metadataPrefix={FORMAT}&from={since}"
            answers = [mine.get(asked) for _ in range(21)]
            assert answers[0][1].count(b"<record>") == CHANGES
            figures = [
                figure(
                    "records harvested a server CPU-second",
                    here.rate,
                    "records/s",
                    baseline=there.rate,
                    at_least=LEAST_RATIO,
                ),
                figure("page of the last tenth beside the first", last, "ms", baseline=first, at_most=MOST_SLOWER),
                figure("memory gained in a harvest", gained, "MB", at_most=MOST_GROWTH_MB),
                figure(
                    f"{CHANGES} changes in {given.records}",
                    statistics.median(wait for _, _, wait in answers) * 1000,
                    "ms",
                    at_most=MOST_MS,
                ),
            ]
        services.catalogue.close()
    return report(figures)


if __name__ == "__main__":
    sys.exit(main())
