"""The text of a cartridge's XML files: questions (QTI 1.2 to 3), discussion topics, assignments, web links.

Here a question is text of the item it stands in; what makes it a question
(choices, answers, points) is for the readers of question banks.
"""

from collections.abc import Iterator
from typing import Any

from ingest.formats import html, xml
from ingest.formats.packages.lom import local
from ingest.formats.words import tidy

# Root elements that hold words for people, and the elements that hold them there.
_QTI_1 = ("questestinterop",)
_QTI_2 = ("assessmentitem", "assessmenttest", "assessmentsection", "qti-assessment-item", "qti-assessment-test")
_BODY = ("itembody", "qti-item-body", "modalfeedback", "qti-modal-feedback", "rubricblock", "qti-rubric-block")
_PARTS = ("topic", "weblink", "assignment")
_WORDS = ("text", "title", "description", "instructor_text")
_MARKED = "text/html"


def read(data: bytes) -> tuple[str, str]:
    """(title, text) of an XML file; both empty where it is of another kind. Raises: BrokenFile(part="xml")."""
    root = xml.parse(data)
    name = local(root)
    if name in _QTI_1:
        return _titled(root), "\n".join(filter(None, _questions_1(root)))
    if name in _QTI_2:
        parts = [_plain(body) for body in root.iter() if local(body) in _BODY]
        return tidy(root.get("title", "")), "\n".join(filter(None, parts))
    if name in _PARTS:
        title = next((tidy(part.text or "") for part in root if local(part) == "title"), "")
        texts = [_marked_up(part) for part in root if local(part) in _WORDS and local(part) != "title"]
        return title, "\n".join(filter(None, texts))
    return "", ""


def _titled(root: Any) -> str:
    return next((tidy(part.get("title", "")) for part in root if part.get("title")), "")


def _questions_1(root: Any) -> Iterator[str]:
    for element in root.iter():
        name = local(element)
        if name == "item" and element.get("title"):
            yield tidy(element.get("title"))
        elif name == "mattext":
            yield _marked_up(element)


def _marked_up(element: Any) -> str:
    """Text that is HTML by its word or its look; text that only is text."""
    text = "".join(element.itertext())
    declared = element.get("texttype", "")
    if declared == _MARKED or ("<" in text and ">" in text):
        return "\n".join(block.text for block in html.read(text).blocks)
    return tidy(text)


def _plain(body: Any) -> str:
    """The text of XHTML inside XML, a block a line."""
    from lxml import etree  # type: ignore[import-untyped]

    return "\n".join(block.text for block in html.read(etree.tostring(body, encoding="unicode")).blocks)
