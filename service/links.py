"""Every public URL, made from HOCLIEU_PUBLIC_URL; nothing stored contains one."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

# Locator kind -> query parameter of the reader (t= for seconds, as video sites do).
PARAMETERS = {"second": "t"}


@dataclass(frozen=True, slots=True)
class Links:
    """Absolute URLs. `prefix` is the language prefix of pages: "" for Vietnamese, "/en" for English."""

    public_url: str
    prefix: str = ""

    def page(self, path: str) -> str:
        return f"{self.public_url}{self.prefix}{path}"

    def home(self) -> str:
        return self.page("/")

    def search(self, **parameters: str | list[str]) -> str:
        query = urlencode({name: value for name, value in parameters.items() if value}, doseq=True)
        return self.page("/search") + (f"?{query}" if query else "")

    def resource(self, resource_id: str, revision: int | None = None) -> str:
        return self.page(f"/resources/{resource_id}" + (f"/v/{revision}" if revision else ""))

    def read(
        self, resource_id: str, *, file: int | None = None, kind: str = "", value: int | str = "", q: str = ""
    ) -> str:
        """The reader at a place. Returns the bare reader where no kind is given."""
        parameters: dict[str, str] = {}
        if file is not None:
            parameters["file"] = str(file)
        if kind:
            parameters[PARAMETERS.get(kind, kind)] = str(value)
        if q:
            parameters["q"] = q
        query = urlencode(parameters)
        return self.page(f"/resources/{resource_id}/read") + (f"?{query}" if query else "")

    def whole(self, resource_id: str, file: int | None = None, part: int = 1) -> str:
        """The page of all that was read out of a file, or a part of it (from 1)."""
        query = urlencode({**({"file": file} if file else {}), "part": part})
        return self.page(f"/resources/{resource_id}/text?{query}")

    def keep(self, resource_id: str) -> str:
        """What of it can be kept on a phone."""
        return self.page(f"/resources/{resource_id}/keep")

    def report(self, resource_id: str) -> str:
        """Where readers say what is wrong with it."""
        return self.page(f"/resources/{resource_id}/report")

    def qr(self, resource_id: str) -> str:
        """Its address as a QR code."""
        return self.page(f"/resources/{resource_id}/qr.svg")

    def card(self, resource_id: str) -> str:
        """The picture that messengers show beside its link."""
        return self.page(f"/resources/{resource_id}/card.jpg")

    def file(self, resource_id: str, number: int, revision: int | None = None) -> str:
        # Files have one URL whatever the language of the page that links to them.
        middle = f"/v/{revision}" if revision else ""
        return f"{self.public_url}/resources/{resource_id}{middle}/files/{number}"

    def metadata(self, resource_id: str, format: str, revision: int | None = None) -> str:
        """The record in a metadata format, whatever the language of the page that links to it."""
        middle = f"/v/{revision}" if revision else ""
        return f"{self.public_url}/resources/{resource_id}{middle}/metadata/{format}"

    def thumbnail(self, resource_id: str, width: int = 320) -> str:
        return f"{self.public_url}/resources/{resource_id}/thumbnail?width={width}"

    def page_picture(self, resource_id: str, number: int, page: int, width: int) -> str:
        return f"{self.public_url}/resources/{resource_id}/files/{number}/pages/{page}?width={width}"

    def chapter_picture(self, resource_id: str, number: int, section: int, picture: int, width: int) -> str:
        """A picture in a section of a book, counted from 1."""
        place = f"files/{number}/sections/{section}/pictures/{picture}"
        return f"{self.public_url}/resources/{resource_id}/{place}?width={width}"

    def captions(self, resource_id: str, number: int, language: str = "") -> str:
        """Of a captions file; with a language those that a recording holds itself."""
        query = f"?{urlencode({'language': language})}" if language else ""
        return f"{self.public_url}/resources/{resource_id}/files/{number}/captions.vtt{query}"

    def printed(self, resource_id: str, number: int, sheet: int) -> str:
        """Slides or a text as PDF, `sheet` pages on one."""
        return f"{self.public_url}/resources/{resource_id}/files/{number}/document.pdf?sheet={sheet}"

    def lighter(self, resource_id: str, number: int, name: str) -> str:
        """A smaller form of a recording; name: `film.mp4` or `sound.webm`."""
        return f"{self.public_url}/resources/{resource_id}/files/{number}/lighter/{name}"

    def text(self, resource_id: str, number: int) -> str:
        """All that was read out of a file, as plain text."""
        return f"{self.public_url}/resources/{resource_id}/files/{number}/text.txt"

    def files_zip(self, resource_id: str, revision: int | None = None) -> str:
        middle = f"/v/{revision}" if revision else ""
        return f"{self.public_url}/resources/{resource_id}{middle}/files.zip"

    def feed(self, path: str, **parameters: str | list[str]) -> str:
        """A feed in the language of the pages; parameters without a value are left out."""
        query = urlencode({name: value for name, value in parameters.items() if value}, doseq=True)
        return self.page(path) + (f"?{query}" if query else "")

    def cover(self, resource_id: str) -> str:
        """The thumbnail as JPEG, which every reading program shows."""
        return f"{self.public_url}/resources/{resource_id}/cover.jpg"

    def linkset(self, resource_id: str, ending: str = "", revision: int | None = None) -> str:
        """All links of a resource as a document (RFC 9264); ending: `.json` for the form in JSON."""
        middle = f"/v/{revision}" if revision else ""
        return f"{self.public_url}/resources/{resource_id}{middle}/linkset{ending}"

    def oembed(self, url: str, format: str) -> str:
        """What editors of pages elsewhere ask when somebody pastes `url`."""
        return f"{self.public_url}/oembed?{urlencode({'url': url, 'format': format})}"

    def embedded(self, resource_id: str) -> str:
        """The card of a resource for a frame in a page elsewhere."""
        return self.page(f"/embed/resources/{resource_id}")

    def api_resource(self, resource_id: str) -> str:
        return f"{self.public_url}/api/v1/resources/{resource_id}"

    def api_search(self, **parameters: str | list[str]) -> str:
        query = urlencode({name: value for name, value in parameters.items() if value}, doseq=True, quote_via=quote)
        return f"{self.public_url}/api/v1/search" + (f"?{query}" if query else "")
