"""Chapters of books and sections of pages as HTML in the library's own look, with their pictures.

    tree     the page as nodes, by the parser of all readers        hidden things and machines' things are left out
    cutting  one section of a page whose places are headings        the sections of `ingest.formats.sections`
    files    where links lead and pictures lie
    questions one question of a set, put together from its pieces
    setting  the nodes in our own terms                             links and pictures by number, lists put right
    terms    what setting asks of a node or an address
    formulas MathML, and its words
    pieces   HTML in parts, each through the sanitiser (nh3)
    rules    what may be in it; the border asks the same again
    pictures one picture, drawn anew as WebP

Asked for section by section and picture by picture, when a reader opens one.
Runs in the sandbox's children only.
"""

from pathlib import Path

from ingest.errors import BrokenFile
from ingest.formats import html
from ingest.formats.html.target import Reading
from ingest.illustrate.chapters import pictures, questions
from ingest.illustrate.chapters.cutting import section as cut
from ingest.illustrate.chapters.files import BOOKS, PAGES, Files, LonePage, chapter_of, page_bytes, pictures_of
from ingest.illustrate.chapters.pieces import Pieces
from ingest.illustrate.chapters.questions import QUESTIONS
from ingest.illustrate.chapters.rules import ELEMENTS
from ingest.illustrate.chapters.setting import Setting
from ingest.illustrate.chapters.shape import Chapter, Inside, Source
from ingest.illustrate.chapters.tree import Child, Node, Tree

__all__ = ["MEDIA_TYPES", "QUESTIONS", "Chapter", "Inside", "chapter", "inside"]

MEDIA_TYPES = (*BOOKS, *PAGES, *QUESTIONS)


def chapter(path: Path, *, media_type: str, section: int) -> Chapter:
    """Section `section` (from 1, as its locator says); of a question set that question.

    Raises: BrokenFile: no such section, or nothing to see in it; EncryptedFile; HostileArchive; TooExpensive.
    """
    if media_type in PAGES:
        return _of_page(path, section)
    if media_type in QUESTIONS:
        with questions.question_of(path, media_type, section) as (around, question):
            setting = Setting(around)
            return _written(questions.nodes(question, around, setting), setting, None)
    if media_type not in BOOKS:
        raise BrokenFile
    with chapter_of(path, section) as (files, data):
        if not data:
            # The book's reading order may name a picture.
            return _made(files, Node("body", {}, [Node("img", {"src": files.page.rpartition("/")[2]})]), None)
        tree = Tree()
        html.walk(data, tree)
        return _made(files, tree.root, tree.language)


def _of_page(path: Path, section: int) -> Chapter:
    tree = Tree(Reading())
    html.walk(page_bytes(path), tree)
    kept, places = cut(tree.root, tree.begins(), section)
    return _made(LonePage(path, section, places), kept, tree.language)


def _made(files: Files, root: Node, language: str | None) -> Chapter:
    setting = Setting(files)
    return _written(setting.content(root), setting, language)


def _written(content: list[Child], setting: Setting, language: str | None) -> Chapter:
    pieces = Pieces()
    pieces.write(content)
    pieces.close()
    if not any(one.strip() for one in pieces.made):
        raise BrokenFile(part="section")
    language = language if language and ELEMENTS["p"]["lang"].fullmatch(language) else None
    return Chapter(tuple(pieces.made), language, tuple(setting.pictures), pieces.anchors)


def inside(path: Path, *, media_type: str, source: str, width: int) -> bytes:
    """A picture that `chapter` has named, as WebP, at most `width` pixels wide.

    Raises: BrokenFile: no such picture, or it cannot be drawn; TooExpensive …
    """
    try:
        wanted = Source.read(source)
    except ValueError as error:
        raise BrokenFile(part="picture") from error
    if media_type in QUESTIONS:
        with questions.pictures_of(path, media_type, wanted) as around:
            data = around.data(wanted)
    else:
        with pictures_of(path, media_type) as files:
            data = files.data(wanted)
    return pictures.drawn(data, width)
