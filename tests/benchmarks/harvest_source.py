"""A repository that has any number of records and takes next to no time for them: what `harvesting` harvests.

A record is one written by our own LOM crosswalk with its numbers changed; a
page is put together when it is asked for, so that a million take no room.

    python -m tests.benchmarks.harvest_source RECORDS
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from service.crosswalks import Record, Text, lom
from service.library.records import concept_of
from service.vocabularies import seeds

PAGE = 500
NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="{NAMESPACE}"><responseDate>2026-06-01T00:00:00Z'
    "</responseDate><request>x</request>"
)
IDENTIFY = (
    "<Identify><repositoryName>Kho lớn</repositoryName><baseURL>x</baseURL><protocolVersion>2.0</protocolVersion>"
    "<adminEmail>a@b.example</adminEmail><earliestDatestamp>2026-01-01T00:00:00Z</earliestDatestamp>"
    "<deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
)
FORMATS = (
    "<ListMetadataFormats><metadataFormat><metadataPrefix>lom</metadataPrefix><schema>x</schema>"
    f"<metadataNamespace>{lom.FORMAT.namespace}</metadataNamespace></metadataFormat></ListMetadataFormats>"
)
NUMBER = "0000000"
"""Stands where each record has its own."""


def record() -> str:
    """As the benchmark of our own provider has them (`oai.py`)."""
    vocabularies = seeds.load()

    def concept(field: str, code: str):  # type: ignore[no-untyped-def]
        return concept_of(vocabularies, field, code, ("vi", "en"))

    made = Record(
        identifier=f"oai:kho.example:{NUMBER}",
        url=f"https://kho.example/tai-lieu/{NUMBER}",
        titles=(Text(f"Bài {NUMBER}. Đồ thị của hàm số bậc hai và ứng dụng", "vi"),),
        descriptions=(Text("Tài liệu trình bày đồ thị, trục đối xứng và đỉnh của parabol. " * 6, "vi"),),
        languages=("vi",),
        keywords=(Text("parabol", "vi"), Text("trục đối xứng", "vi")),
        type=concept("type", "presentation"),
        subjects=(concept("subject", "toan-dai-so"),),
        grades=(concept("grade", "lop-10"),),
        creators=("Nguyễn Thị Hoa", "Tổ Toán"),
        publishers=("Sở Giáo dục và Đào tạo",),
        licence=concept("licence", "CC-BY-4.0"),
    )
    return (
        f"<record><header><identifier>oai:kho.example:{NUMBER}</identifier><datestamp>2026-01-01T00:00:00Z</datestamp>"
        f"</header><metadata>{lom.write(made)}</metadata></record>"
    )


def serve(records: int) -> None:
    """Prints its address, and answers until it is ended."""
    text = record()

    def listed(start: int) -> str:
        end = min(start + PAGE, records)
        told = "".join(text.replace(NUMBER, f"{number:07}") for number in range(start, end))
        token = str(end) if end < records else ""
        return f"<ListRecords>{told}<resumptionToken>{token}</resumptionToken></ListRecords>"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            fixed = {"Identify": IDENTIFY, "ListMetadataFormats": FORMATS}
            inside = fixed.get(query["verb"]) or listed(int(query.get("resumptionToken", "0")))
            body = f"{HEAD}{inside}</OAI-PMH>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}/oai", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
