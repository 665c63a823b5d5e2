"""The parts a library is made of, as use cases receive them."""

from dataclasses import dataclass, field

from service.library.lexicon_files import Lexicons
from service.library.living import Living
from service.library.rewriter_files import Rewriters
from service.library.seen import Seen
from service.library.used import MostUsed
from service.ports import Catalogue, ObjectStore, SearchIndex
from service.settings import Settings
from service.vocabularies import Vocabularies


@dataclass(frozen=True)
class Services:
    """Made once a process by `service/compose.py`; the only thing a door holds."""

    catalogue: Catalogue
    objects: ObjectStore
    index: SearchIndex
    living: Living
    settings: Settings
    lexicons: Lexicons = field(default_factory=Lexicons)
    pictures: Seen = field(default_factory=Seen)
    most_used: MostUsed = field(default_factory=MostUsed)
    rewriters: Rewriters = field(default_factory=Rewriters)

    @property
    def vocabularies(self) -> Vocabularies:
        """As this process last read them; whoever writes what follows from them asks `living.of`."""
        return self.living.now
