"""The door for reading programs and crawlers: OPDS, Atom, sitemaps, the description of the search, oEmbed."""
