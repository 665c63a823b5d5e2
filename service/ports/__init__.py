"""What the library needs from the outside: catalogue, objects, index.

A port is a Protocol; its adapters live in `service/adapters/`, one file an
engine, and translate every vendor error into one of `service/errors.py`.
Each port has a contract test that every adapter passes (`tests/contract`).
The catalogue's parts stand by what they are about: `records`, `readings`, `running`,
`lists`, `harvesting`; `fetching` is what other machines are asked with.
"""

from service.ports.catalogue import Catalogue, Cell, Pooled, RowOfTable, Tables, UnitOfWork
from service.ports.fetching import Fetched, Fetcher
from service.ports.harvesting import Brought, Harvests, Kept, Origin, Source
from service.ports.index import SearchIndex
from service.ports.lists import Block, Changes, Handovers, Listed, OaiRecords, Terms
from service.ports.objects import BLOBS, PLACE_KEY, PLACES, ObjectStore, Room, Staged, Staging, Stored, blob_key
from service.ports.readings import Proposals, Readings, Sketches
from service.ports.records import Addresses, Blobs, Organisations, OwnVocabularies, Resources
from service.ports.running import Counters, Events, Fixity, Generations, Jobs

__all__ = [
    "BLOBS",
    "PLACES",
    "PLACE_KEY",
    "Addresses",
    "Blobs",
    "Block",
    "Brought",
    "Catalogue",
    "Cell",
    "Changes",
    "Counters",
    "Events",
    "Fetched",
    "Fetcher",
    "Fixity",
    "Generations",
    "Handovers",
    "Harvests",
    "Jobs",
    "Kept",
    "Listed",
    "OaiRecords",
    "ObjectStore",
    "Organisations",
    "Origin",
    "OwnVocabularies",
    "Pooled",
    "Proposals",
    "Readings",
    "Resources",
    "Room",
    "RowOfTable",
    "SearchIndex",
    "Sketches",
    "Source",
    "Staged",
    "Staging",
    "Stored",
    "Tables",
    "Terms",
    "UnitOfWork",
    "blob_key",
]
