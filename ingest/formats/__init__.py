"""What the sniffer, several extractors and the pictures read files with, a folder a family.

    archive/   ZIP, RAR and 7z as containers        odf/       OpenDocument
    epub/      books                                ooxml/     Word, PowerPoint, Excel
    html/      web pages                            packages/  SCORM, cartridges, eXeLearning, H5P, simulations
    images/    pictures and drawings                pdf/       PDF
    media/     recordings and their captions        rtf/       RTF
                                                    zip/       members of a zip, within bounds

Beside them stand what families share: signs of formats (`magic`, `ole`), XML
and XMP, encodings, plain words, numerals, formulas, passages and sections.
"""
