"""The catalogue's contracts on PostgreSQL."""

from collections.abc import Iterator

import pytest

from service.adapters.database.postgresql import PostgresCatalogue
from tests.contract import catalogue_jobs, catalogue_parts, catalogue_resources, catalogue_transactions


class OnPostgresql:
    @pytest.fixture
    def url(self, postgresql_database: str) -> str:
        return postgresql_database

    @pytest.fixture
    def catalogue(self, url: str) -> Iterator[PostgresCatalogue]:
        catalogue = PostgresCatalogue(url)
        yield catalogue
        catalogue.close()


class TestResourcesOnPostgresql(OnPostgresql, catalogue_resources.ResourcesContract):
    pass


class TestRevisionsOnPostgresql(OnPostgresql, catalogue_resources.RevisionsContract):
    pass


class TestJobsOnPostgresql(OnPostgresql, catalogue_jobs.JobsContract):
    pass


class TestReadingsOnPostgresql(OnPostgresql, catalogue_parts.ReadingsContract):
    pass


class TestBlobsOnPostgresql(OnPostgresql, catalogue_parts.BlobsContract):
    pass


class TestOrganisationsOnPostgresql(OnPostgresql, catalogue_parts.OrganisationsContract):
    pass


class TestEventsOnPostgresql(OnPostgresql, catalogue_parts.EventsContract):
    pass


class TestTermsOnPostgresql(OnPostgresql, catalogue_parts.TermsContract):
    pass


class TestGenerationsOnPostgresql(OnPostgresql, catalogue_parts.GenerationsContract):
    pass


class TestCountersOnPostgresql(OnPostgresql, catalogue_parts.CountersContract):
    pass


class TestTransactionsOnPostgresql(OnPostgresql, catalogue_transactions.TransactionsContract):
    pass


class TestProcessesOnPostgresql(OnPostgresql, catalogue_transactions.ProcessesContract):
    pass
