"""Dates and moments of OAI-PMH, read and written in a source's granularity: seconds or days of UTC."""

import datetime

SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)


def moment(text: str) -> datetime.datetime | None:
    """A date or moment of OAI-PMH."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(datetime.UTC) if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def said(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_asked(text: str, *, by_day: bool) -> str:
    """A moment in the source's granularity; days are whole ones of UTC."""
    if by_day:
        return text[:10]
    return f"{text}T00:00:00Z" if len(text) == 10 else text
