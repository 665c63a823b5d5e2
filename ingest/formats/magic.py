"""Signs of file formats: bytes at the beginning. What texts begin with is in `beginnings.py`.

The sniffer's tables. The order matters only where one sign is the beginning
of another.
"""

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"II+\x00", "image/tiff"),
    (0, b"MM\x00+", "image/tiff"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/jp2"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\x01\xda", "image/x-sgi"),
    (4, b"\x11\xaf", "video/x-flic"),
    (4, b"\x12\xaf", "video/x-flic"),
    (0, b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"\x00\x00\x01\xba", "video/mpeg"),
    (0, b"\x00\x00\x01\xb3", "video/mpeg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"MThd", "audio/midi"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x0b\x77", "audio/ac3"),
    (0, b"FWS", "application/x-shockwave-flash"),
    (0, b"CWS", "application/x-shockwave-flash"),
    (0, b"ZWS", "application/x-shockwave-flash"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xffWPC", "application/vnd.wordperfect"),
    (0, b"\x31\xbe\x00\x00", "application/msword"),
    (0, b"\xdb\xa5", "application/msword"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"%!PS", "application/postscript"),
    (257, b"ustar", "application/x-tar"),
)  # fmt: skip

ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
"""Containers that may hold any other format as it is."""

RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo", b"RMID": "audio/midi"}

# Brands of ISO media files, by how they begin; anything else with ftyp is MP4.
BRANDS: tuple[tuple[bytes, str], ...] = (
    (b"qt", "video/quicktime"),
    (b"M4A", "audio/mp4"),
    (b"M4B", "audio/mp4"),
    (b"3g", "video/3gpp"),
    (b"avi", "image/avif"),
    (b"hei", "image/heic"),
    (b"hev", "image/heic"),
    (b"mif1", "image/heic"),
    (b"jp2", "image/jp2"),
)
