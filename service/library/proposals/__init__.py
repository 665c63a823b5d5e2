"""Suggest what a file does not say about itself, with evidence and a confidence, and keep it apart from facts.

    path, media type, title, headings, text
       |  seeing.py: words.py    toneless words that know where they stood
       |             rules.py    patterns of `rules.toml`, names of the vocabularies
       |             weights.py  a linear model on syllables and pairs of them, `*.weights`
       v
    signs --weighing.py, placing.py: gathering.py--> proposals --deciding.py--> values of a person

Nothing in this code knows a subject, a grade or a type: patterns, names and
weights are data. The figures, and how the weights are made, stand in
`docs/proposals.md`.
"""
