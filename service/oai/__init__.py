"""The OAI-PMH 2.0 door: `/oai`, at which other repositories harvest.

    routes      GET and POST -> bytes of a query; limits; headers
    arguments   which arguments a verb takes, and what they may say
    tokens      resumption tokens: signed, without state
    answers     verb -> what stands inside the envelope
    envelope    the XML around it
    inventory   every record with its checksums, as one file

Source: https://www.openarchives.org/OAI/openarchivesprotocol.html
"""
