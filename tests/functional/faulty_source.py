"""A repository of OAI-PMH with faults that a test chooses, as a real server on this machine.

It follows the protocol (windows, pages, tokens, both granularities) unless
its `trouble` has another answer for a request.
"""

import datetime
import gzip
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
BEGUN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
ANSWERED = "2026-02-01T00:00:00Z"


@dataclass
class Record:
    """title, link: as they stand in the XML. licence: empty: it names none. link: empty: one of its own."""

    identifier: str
    datestamp: str
    title: str
    deleted: bool = False
    licence: str = "https://creativecommons.org/licenses/by/4.0/"
    about: str = ""
    link: str = ""


@dataclass(frozen=True)
class Reply:
    """body: bytes as they are sent. cut: fewer are sent than were promised."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml; charset=utf-8"})
    cut: bool = False


Query = dict[str, str]
Trouble = Callable[[Query, int, bytes], "Reply | None"]
"""(arguments, how many requests of this kind came before, the right answer) -> another answer."""


class Source:
    """records: by identifier. asked: every query, in order."""

    def __init__(self, count: int = 23, page: int = 5, *, step_seconds: int = 60) -> None:
        self.records = {
            f"oai:kho:{number}": Record(
                f"oai:kho:{number}", _said(BEGUN + datetime.timedelta(seconds=number * step_seconds)), f"Bài {number}"
            )
            for number in range(count)
        }
        self.page = page
        self.by_day = False
        self.deletes = "persistent"
        self.formats = ("oai_dc",)
        self.trouble: Trouble = lambda _query, _number, _right: None
        self.asked: list[Query] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/oai"

    def __enter__(self) -> "Source":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        source = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                query = dict(parse_qsl(urlsplit(self.path).query))
                kind = (query.get("verb"), query.get("resumptionToken"), query.get("identifier"))
                number = sum(
                    (one.get("verb"), one.get("resumptionToken"), one.get("identifier")) == kind for one in source.asked
                )
                source.asked.append(query)
                right = source.answer(query)
                reply = source.trouble(query, number, right) or Reply(right)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body) + (1000 if reply.cut else 0)))
                self.end_headers()
                self.wfile.write(reply.body)
                self.close_connection = reply.cut

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    # --- the protocol ---------------------------------------------------------------------------

    def answer(self, query: Query) -> bytes:
        verb = query.get("verb", "")
        inside = {
            "Identify": self._identify,
            "ListMetadataFormats": self._formats,
            "GetRecord": lambda: self._get(query),
            "ListRecords": lambda: self._list(query, "ListRecords"),
            "ListIdentifiers": lambda: self._list(query, "ListIdentifiers"),
        }.get(verb, lambda: '<error code="badVerb"/>')
        return wrapped(inside())

    def _identify(self) -> str:
        granularity = "YYYY-MM-DD" if self.by_day else "YYYY-MM-DDThh:mm:ssZ"
        return (
            f"<Identify><repositoryName>Kho thử</repositoryName><baseURL>{self.url}</baseURL>"
            "<protocolVersion>2.0</protocolVersion><adminEmail>a@kho.example</adminEmail>"
            f"<earliestDatestamp>{_said(BEGUN)[: 10 if self.by_day else 20]}</earliestDatestamp>"
            f"<deletedRecord>{self.deletes}</deletedRecord><granularity>{granularity}</granularity></Identify>"
        )

    def _formats(self) -> str:
        told = "".join(
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>x</schema>"
            "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat>"
            for prefix in self.formats
        )
        return f"<ListMetadataFormats>{told}</ListMetadataFormats>"

    def _get(self, query: Query) -> str:
        found = self.records.get(query["identifier"])
        return f"<GetRecord>{self.told(found)}</GetRecord>" if found else '<error code="idDoesNotExist"/>'

    def _list(self, query: Query, verb: str) -> str:
        start, since, until = 0, query.get("from", ""), query.get("until", "")
        if token := query.get("resumptionToken", ""):
            number, since, until = token.split("|")
            start = int(number)
        found = [
            one
            for one in sorted(self.records.values(), key=lambda one: (one.datestamp, one.identifier))
            if (not since or one.datestamp[: len(since)] >= since)
            and (not until or one.datestamp[: len(until)] <= until)
        ]
        if not found:
            return '<error code="noRecordsMatch"/>'
        shown, end = found[start : start + self.page], start + self.page
        told = "".join(self.told(one) if verb == "ListRecords" else self._header(one) for one in shown)
        following = f"{end}|{since}|{until}" if end < len(found) else ""
        last = f"<resumptionToken>{following}</resumptionToken>" if following or start else ""
        return f"<{verb}>{told}{last}</{verb}>"

    def _header(self, one: Record) -> str:
        status = ' status="deleted"' if one.deleted else ""
        dated = one.datestamp[:10] if self.by_day else one.datestamp
        return (
            f"<header{status}><identifier>{escape(one.identifier)}</identifier><datestamp>{dated}</datestamp></header>"
        )

    def told(self, one: Record) -> str:
        if one.deleted:
            return f"<record>{self._header(one)}</record>"
        rights = f"<dc:rights>{one.licence}</dc:rights>" if one.licence else ""
        title = f"<dc:title>{one.title}</dc:title>" if one.title else ""
        about = f"<about>{one.about}</about>" if one.about else ""
        link = one.link or f"https://kho.example/{one.identifier.rsplit(':', 1)[-1]}"
        return (
            f'<record>{self._header(one)}<metadata><oai_dc:dc xmlns:oai_dc="{NAMESPACE}oai_dc/" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/">{title}<dc:subject>Toán</dc:subject>'
            f"<dc:identifier>{link}</dc:identifier>{rights}"
            f"</oai_dc:dc></metadata>{about}</record>"
        )


def wrapped(inside: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="{NAMESPACE}">'
        f"<responseDate>{ANSWERED}</responseDate><request>x</request>{inside}</OAI-PMH>"
    ).encode()


def packed(data: bytes) -> Reply:
    return Reply(gzip.compress(data), headers={"Content-Type": "text/xml", "Content-Encoding": "gzip"})


def _said(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
