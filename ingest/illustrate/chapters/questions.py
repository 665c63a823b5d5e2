"""One question as nodes in our own terms, and where its pictures lie.

Each piece of somebody's HTML becomes nodes by itself and is set by itself, so
that what one leaves open closes there: no choice can swallow its neighbours,
and nothing can put on the answer's clothes, which the page folds.
"""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from ingest.errors import BrokenFile
from ingest.formats import html
from ingest.formats.questions import KINDS, Question, laying, one
from ingest.formats.questions.laying import Block, Item
from ingest.formats.questions.lines import Lines
from ingest.formats.zip import Members
from ingest.illustrate.chapters.files import MOST_PICTURE_BYTES, OwnPictures, Place, embedded
from ingest.illustrate.chapters.setting import Setting
from ingest.illustrate.chapters.shape import Source
from ingest.illustrate.chapters.tree import Child, Node, Tree

QUESTIONS = tuple(KINDS)

_ZIP = b"PK"
# Moodle's name for what lies in the question itself.
_OWN = "@@PLUGINFILE@@/"

_BLOCKS = frozenset(
    ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "figure", "hr"]
)

Content = Callable[[str], list[Child]]


class InQuestion:
    """The files around a question: those in it, those beside it in its package. `fragment`: the piece that is set."""

    def __init__(self, question: Question, number: int, members: Members | None) -> None:
        self.fragment = 0
        self._question, self._number, self._members = question, number, members

    @property
    def page(self) -> str:
        return f"{self._number}/{self.fragment}"

    def place(self, reference: str) -> Place | None:  # noqa: ARG002 - no question leads to another
        return None

    def picture(self, reference: str) -> Source | None:
        name = unquote(reference.partition("?")[0])
        if name.startswith(_OWN):
            name = name.removeprefix(_OWN)
            return Source("member", member=f"{self._number}/{name}") if name in self._question.files else None
        name = posixpath.normpath(posixpath.join(posixpath.dirname(self._question.base), name))
        found = self._members is not None and name in self._members
        return Source("member", member=f"{self._number}/{name}") if found else None

    def head(self, source: Source, size_bytes: int) -> bytes:
        if source.kind == "member" and self._members is not None:
            return self._members.beginning(source.member.partition("/")[2], size_bytes)
        return self.data(source)

    def data(self, source: Source) -> bytes:
        name = source.member.partition("/")[2]
        if source.kind != "member":
            return OwnPictures(lambda: self._piece(name)).data(source)
        if self._members is not None:
            return self._members.read(name, most=MOST_PICTURE_BYTES)
        if name not in self._question.files:
            raise BrokenFile(part="picture")
        return embedded(f"data:;base64,{self._question.files[name]}")

    def _piece(self, which: str) -> bytes:
        """The HTML of one of the question's pieces, met again in the same order."""
        pieces: list[str] = []

        def collect(fragment: str) -> list[Child]:
            pieces.append(fragment)
            return []

        written(self._question, collect)
        if not which.isdecimal() or not 1 <= int(which) <= len(pieces):
            raise BrokenFile(part="picture")
        return pieces[int(which) - 1].encode("utf-8", "replace")


@contextmanager
def question_of(path: Path, media_type: str, number: int) -> Iterator[tuple[InQuestion, Question]]:
    """A question and the files around it. Raises: BrokenFile: there is none; as the format's reader."""
    question = one(path, media_type, number)
    with path.open("rb") as source:
        is_package = source.read(2) == _ZIP
    if not is_package:
        yield InQuestion(question, number, None), question
        return
    with Members(path) as members:
        yield InQuestion(question, number, members), question


@contextmanager
def pictures_of(path: Path, media_type: str, source: Source) -> Iterator[InQuestion]:
    """For whoever wants the bytes of a picture. Raises: BrokenFile: no question has it."""
    number = source.member.partition("/")[0]
    if not number.isdecimal():
        raise BrokenFile(part="picture")
    with question_of(path, media_type, int(number)) as (files, _):
        yield files


def nodes(question: Question, files: InQuestion, setting: Setting) -> list[Child]:
    """The question as it stands on a page."""

    def content(fragment: str) -> list[Child]:
        files.fragment += 1
        tree = Tree()
        html.walk(fragment, tree)
        return setting.content(tree.root)

    return written(question, content)


def written(question: Question, content: Content) -> list[Child]:
    """Words, lists, and the answer in a division of its own; `content` is asked piece by piece."""
    made = [*_blocks(laying.question(question), content)]
    if answer := [*_blocks(laying.answer(question), content)]:
        title = Lines().title(question)
        named: list[Child] = [Node("p", {}, [Node("strong", {}, [title])])] if title else []
        made.append(Node("div", {"class": "answer"}, [*named, *answer]))
    return made


def _blocks(blocks: Iterator[Block], content: Content) -> Iterator[Child]:
    for block in blocks:
        if block.way == "words":
            children = content(block.items[0].html)
            holds_blocks = any(isinstance(child, Node) and child.tag in _BLOCKS for child in children)
            yield Node("div" if holds_blocks else "p", {}, children)
            continue
        counted = block.way != "-"
        items: list[Child] = [_item(item, content, at if counted else None) for at, item in enumerate(block.items, 1)]
        made = Node("ol" if counted else "ul", {"type": block.way} if counted else {}, items)
        yield Node("div", {"class": "note"}, [made]) if block.aside else made


def _item(item: Item, content: Content, place: int | None) -> Node:
    # A list of what is right leaves out the others, and keeps their letters.
    attributes: Mapping[str, str] = {"value": str(item.number)} if place not in (None, item.number) else {}
    children = [*_flowing(content(item.html)), *([item.after] if item.after else [])]
    return Node("li", attributes, [*children, *(_flowing(content(item.then)) if item.then else [])])


def _flowing(children: list[Child]) -> list[Child]:
    """What an editor has put into a single paragraph, without it: a choice is a line of its list."""
    shown = [child for child in children if not (isinstance(child, str) and child.isspace())]
    if len(shown) == 1 and isinstance(shown[0], Node) and shown[0].tag in ("p", "div") and not shown[0].attributes:
        return shown[0].children
    return children
