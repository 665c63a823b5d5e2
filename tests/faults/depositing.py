"""Somebody who deposits one-page PDFs at a rate, as a process: `python -m tests.faults.depositing LEDGER RATE KINDS`.

The library is that of the environment. Each attempt becomes a line of the
ledger (JSON) when it is over, so that what was acknowledged is known whatever
happens afterwards. Ends in order with SIGTERM; what was begun is finished.
"""

import hashlib
import json
import random
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from service import compose
from service.errors import LibraryError
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.model import OPERATOR, Value
from service.settings import load

AT_ONCE = 16
"""Deposits that may be under way together: refusing may take a while, and others come meanwhile."""
KINDS = ("publish", "draft", "incomplete")
LICENCE = Value("licence", "CC0-1.0", "person", where="option")


@dataclass(frozen=True, slots=True)
class Attempt:
    """began: monotonic seconds, the same clock in every process. resource: empty where it was refused; then code.

    kind: publish; draft: is read and stays one; incomplete: is to be published and lacks its licence.
    """

    token: str
    kind: str
    sha256: str
    began: float
    seconds: float
    resource: str = ""
    code: str = ""

    @property
    def outcome(self) -> Literal["acknowledged", "refused"]:
        return "acknowledged" if self.resource else "refused"


def ledger(path: Path) -> list[Attempt]:
    """Every whole line that was written."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Attempt(**json.loads(line)) for line in lines if line.endswith("}")]


def word(rng: random.Random) -> str:
    """A token that occurs nowhere else: letters only, so that no analysis splits it."""
    return "z" + "".join(rng.choice("bcdghklmnprstvx") + rng.choice("aeou") for _ in range(7))


def one_page(token: str) -> bytes:
    import pymupdf

    with pymupdf.open() as document:
        document.new_page().insert_text((72, 100), f"Tai lieu {token} noi ve ham so bac hai")
        return bytes(document.tobytes())


def attempt(parts: Services, folder: Path, token: str, kind: str) -> Attempt:
    """Deposit one file that holds the token. Nothing is raised that the library foresees."""
    path = folder / f"{token}.pdf"
    path.write_bytes(one_page(token))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    values = () if kind == "incomplete" else (LICENCE,)
    began = time.monotonic()
    try:
        done = deposit(
            parts,
            OPERATOR,
            [Offered(path, path.name)],
            owner="default",
            values=values,
            publish=kind != "draft",
        )
    except LibraryError as error:
        return Attempt(token, kind, sha256, began, time.monotonic() - began, code=error.code)
    finally:
        path.unlink()
    return Attempt(token, kind, sha256, began, time.monotonic() - began, resource=done.resource.id)


def main(written: str, rate: float, kinds: tuple[str, ...]) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    rng = random.Random()
    parts = compose.services(load())
    lock = threading.Lock()
    with (
        Path(written).open("a", encoding="utf-8") as lines,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):

        def one(token: str, kind: str) -> None:
            made = attempt(parts, Path(folder), token, kind)
            with lock:
                print(json.dumps(asdict(made)), file=lines, flush=True)

        due, number, under_way = time.monotonic(), 0, []
        while not stop.wait(max(0.0, due - time.monotonic())):
            due += 1 / rate
            under_way.append(threads.submit(one, word(rng), kinds[number % len(kinds)]))
            number += 1
        for each in under_way:
            # An error that nobody foresaw ends this process with its traceback.
            each.result()
    parts.catalogue.close()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), tuple(sys.argv[3].split(",")))
