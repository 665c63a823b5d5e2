"""The word that people know a kind of file by: `PDF`, `DOCX`, `MP3`, where programs say a media type."""

_OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS = {
    "application/pdf": "PDF",
    f"{_OFFICE}presentationml.presentation": "PPTX",
    f"{_OFFICE}presentationml.slideshow": "PPSX",
    f"{_OFFICE}presentationml.template": "POTX",
    "application/vnd.ms-powerpoint.presentation.macroEnabled.12": "PPTM",
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.12": "PPSM",
    f"{_OFFICE}wordprocessingml.document": "DOCX",
    f"{_OFFICE}wordprocessingml.template": "DOTX",
    "application/vnd.ms-word.document.macroEnabled.12": "DOCM",
    f"{_OFFICE}spreadsheetml.sheet": "XLSX",
    f"{_OFFICE}spreadsheetml.template": "XLTX",
    "application/vnd.ms-excel.sheet.macroEnabled.12": "XLSM",
    "application/vnd.oasis.opendocument.presentation": "ODP",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/vnd.ms-powerpoint": "PPT",
    "application/msword": "DOC",
    "application/vnd.ms-excel": "XLS",
    "application/rtf": "RTF",
    "application/epub+zip": "EPUB",
    "application/zip": "ZIP",
    "application/vnd.rar": "RAR",
    "application/x-7z-compressed": "7Z",
    "application/x-scorm": "SCORM",
    "application/x-imscp": "IMS",
    "application/x-imscc": "IMSCC",
    "application/x-exelearning": "eXe",
    "application/x-h5p": "H5P",
    "application/x-qti": "QTI",
    "application/x-moodle-xml": "Moodle XML",
    "text/x-gift": "GIFT",
    "text/x-aiken": "Aiken",
    "application/x-html5-simulation": "HTML5",
    "application/vnd.geogebra.file": "GGB",
    "application/x-shockwave-flash": "SWF",
    "application/vnd.microsoft.portable-executable": "EXE",
    "application/x-subrip": "SRT",
    "application/ttml+xml": "TTML",
    "text/vtt": "VTT",
    "text/x-ssa": "ASS",
    "text/plain": "TXT",
    "text/markdown": "MD",
    "image/svg+xml": "SVG",
    "image/jpeg": "JPEG",
    "video/quicktime": "MOV",
    "video/x-msvideo": "AVI",
    "video/x-matroska": "MKV",
    "video/x-ms-asf": "WMV",
    "video/x-flv": "FLV",
    "audio/mpeg": "MP3",
    "audio/mp4": "M4A",
}


def word(media_type: str, name: str = "") -> str:
    """The one people know, else the ending of the file's name, else what the media type says last."""
    ending = name.rpartition(".")[2].upper() if "." in name else ""
    fallback = ending if 2 <= len(ending) <= 5 and ending.isalnum() else media_type.partition("/")[2].upper()[:8]
    return FORMATS.get(media_type, fallback)
