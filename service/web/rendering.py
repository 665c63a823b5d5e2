"""From a template and what a page knows to an answer."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from service.http.door import Door
from service.http.parameters import text
from service.links import Links
from service.web.labels import Labels
from service.web.speech import Speech
from service.web.static import address

# A page may change with the next publication or withdrawal: it is kept, and asked again before it is shown.
PAGE_CACHE = "no-cache"
_BEFORE_A_PATH = re.compile(r"^[/\\\s]+")
# Characters: with the name of the place and a mark they are two lines of 360 pixels.
LEAD_ON_A_PHONE = 36


@dataclass(frozen=True)
class Page:
    """One request for a page in one language."""

    request: Request
    door: Door
    language: str

    @cached_property
    def speech(self) -> Speech:
        return Speech(self.language)

    @cached_property
    def links(self) -> Links:
        return self.door.relative(self.language)

    @cached_property
    def absolute(self) -> Links:
        return self.door.absolute(self.request, self.language)

    @cached_property
    def labels(self) -> Labels:
        return Labels(self.door.services.vocabularies, self.language)

    @cached_property
    def query(self) -> str:
        """What stands in the search box."""
        return text(self.request, "q")

    def static(self, name: str) -> str:
        return f"{self.links.public_url}{address(name)}"

    def switch(self) -> str:
        """This page in the other language."""
        path = self.request.url.path
        own = self.door.prefixes[self.language]
        path = path[len(own) :] if own and path.startswith(own) else path
        # Two strokes at the beginning would name another host (RFC 3986, 4.2); browsers take a backslash for one
        # and leave out white space.
        path = f"/{_BEFORE_A_PATH.sub('', path)}"
        other = self.door.relative(self.other).page(path)
        return f"{other}?{self.request.url.query}" if self.request.url.query else other

    @property
    def other(self) -> str:
        return "en" if self.language == "vi" else "vi"

    def render(
        self, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: Any
    ) -> HTMLResponse:
        """The page; `context` is what the template names beside `page`, `t` and `links`."""
        body = self.part(template, **context)
        return HTMLResponse(body, status, headers={"Cache-Control": PAGE_CACHE, **(headers or {})})

    def part(self, template: str, **context: Any) -> Markup:
        """A piece of a page."""
        made = environment().get_template(template).render(page=self, t=self.speech, links=self.links, **context)
        return Markup(made)  # noqa: S704 - the environment escapes

    @property
    def library_name(self) -> str:
        return self.door.services.settings.library_name


@cache
def environment() -> Environment:
    """Templates beside this file: everything escaped, an unknown name is an error."""
    folder = resources.files("service.web").joinpath("templates")

    def source(name: str) -> str:
        return folder.joinpath(name).read_text(encoding="utf-8")

    made = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # Snippets are escaped by `service/search/snippets` and hold nothing but <mark>; that is their contract.
    made.filters["marked"] = Markup
    made.filters["led"] = led
    return made


def led(snippet: str) -> Markup:
    """A snippet of which a phone leaves out what stands long before its first mark, so that two lines show it."""
    first = snippet.find("<mark>")
    # At a space no entity and no tag is cut.
    cut = snippet.find(" ", max(0, first - LEAD_ON_A_PHONE))
    if first <= LEAD_ON_A_PHONE or not 0 <= cut < first:
        return Markup(snippet)  # noqa: S704 - as above
    return Markup(  # noqa: S704 - as above, between tags of ours
        f'<span class="at-desk">{snippet[:cut]}</span><span class="on-phone">…</span>{snippet[cut:]}'
    )
