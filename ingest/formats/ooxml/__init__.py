"""Office Open XML (ECMA-376, ISO/IEC 29500): packages of parts, and the text in them.

    package        parts and the relations between them
    names          namespaces, strict ones turned into transitional ones, alternatives chosen
    properties     docProps: title, creator, dates …
    drawing        paragraphs, tables and descriptions of DrawingML
    charts, diagrams, equations, symbols
    presentation   slides        word    sections        workbook    sheets
    embedded       office files inside office files

The three extractors stand on it, and each of them reads what the others'
files may hold: a chart, a diagram, a workbook inside a slide.
"""
