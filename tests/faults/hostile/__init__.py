"""Hostile files, made here: what the table of threats names, aimed at every reader.

    attack.py     what an attack is, and the threats
    packages.py   honest packages to change, and zips that no library writes
    archives.py xml.py pdf.py images.py office.py media.py pages.py   one file a family: tables of attacks
    range.py      reads each in the sandbox, and watches what it reaches, writes, holds and takes

`python -m tests.faults.hostile [FOLDER]` prints a line a file, of a folder or of what is made here.
"""

from tests.faults.hostile import archives, images, media, office, pages, pdf, xml
from tests.faults.hostile.attack import Attack

ATTACKS: tuple[Attack, ...] = tuple(
    attack for family in (archives, xml, pdf, images, media, office, pages) for attack in family.ATTACKS
)
