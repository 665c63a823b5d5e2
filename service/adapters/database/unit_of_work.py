"""The parts over one transaction: what commits together."""

from service.adapters.database.addresses import Addresses
from service.adapters.database.blobs import Blobs
from service.adapters.database.changes import Changes
from service.adapters.database.counters import Counters
from service.adapters.database.events import Events
from service.adapters.database.fixity import Fixity
from service.adapters.database.generations import Generations
from service.adapters.database.handovers import Handovers
from service.adapters.database.harvests import Harvests
from service.adapters.database.jobs import Jobs
from service.adapters.database.oai import OaiRecords
from service.adapters.database.organisations import Organisations
from service.adapters.database.own_vocabularies import OwnVocabularies
from service.adapters.database.proposals import Proposals
from service.adapters.database.readings import Readings
from service.adapters.database.resources import Resources
from service.adapters.database.sketches import Sketches
from service.adapters.database.terms import Terms
from service.adapters.database.transaction import Transaction
from service.adapters.database.whole import Tables


class UnitOfWork:
    """The port `service.ports.UnitOfWork`; lives as long as its transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self.resources = Resources(transaction)
        self.readings = Readings(transaction)
        self.sketches = Sketches(transaction)
        self.blobs = Blobs(transaction)
        self.organisations = Organisations(transaction)
        self.events = Events(transaction)
        self.jobs = Jobs(transaction)
        self.terms = Terms(transaction)
        self.changes = Changes(transaction)
        self.generations = Generations(transaction)
        self.counters = Counters(transaction)
        self.oai = OaiRecords(transaction)
        self.fixity = Fixity(transaction)
        self.handovers = Handovers(transaction)
        self.harvests = Harvests(transaction)
        self.addresses = Addresses(transaction)
        self.tables = Tables(transaction)
        self.vocabularies = OwnVocabularies(transaction)
        self.proposals = Proposals(transaction)
