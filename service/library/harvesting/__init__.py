"""Follow other repositories over OAI-PMH: their records stand here as metadata with a link.

    harvest     a whole harvest: what is asked for, the watermark, the report
    followed    which repositories are followed, which one a name means, which no more
    gathering   the list of a window, and what to do when it breaks
    dates       dates of the protocol, in seconds or days
    asking      verbs of the protocol: requests, waiting, retrying, tokens, loops
    answers     an answer as it arrives: bytes made clean, elements as they end
    mapping     a record in any of the formats -> values, or why it cannot be one
    taking      records -> batches of them
    writing     a batch -> the database
    carrying    a batch -> another process that writes it
    origins     provenance: where records stood before, read and written

Source: https://www.openarchives.org/OAI/2.0/guidelines-harvester.htm
"""
