"""What a school's ten years of files hold besides good ones: each case, its outcome and its sentences, as data.

    case.py        what a row says
    documents.py   PDF, office files new and of OpenDocument, RTF, books
    packages.py    packages and archives
    media.py       pictures, drawings, films, sound, captions
    texts.py       texts, pages, what is no resource
    run.py         one run of the real batch over all of them

`docs/formats.md` shows the table; `python -m docs.generate` writes it from here.
"""

from tests.bad_input import documents, media, packages, texts
from tests.bad_input.case import Case

CASES: tuple[Case, ...] = (*documents.CASES, *packages.CASES, *media.CASES, *texts.CASES)
