"""Adapters of the port `Fetcher`: other machines, asked over HTTP."""

from service.adapters.fetch.web import WebFetcher

__all__ = ["WebFetcher"]
