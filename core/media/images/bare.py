"""Image files without anything but the picture: what cameras and programs add is left out.

The picture itself is copied byte for byte. Where that is not simple there is no answer, and it has
to be written anew. Sources: ISO/IEC 10918-1 (JPEG) annex B; the WebP container specification.
"""

_MARKER = 0xFF
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_COMMENT = 0xFE
_APPLICATIONS = range(0xE0, 0xF0)
_HEADERS = {(0xE0, b"JFIF\0", 18), (0xEE, b"Adobe", 16)}
"""Those that say how colours are meant: marker, name, and bytes."""
_RESTARTS = range(0xD0, 0xD8)


def bare_jpeg(data: bytes) -> bytes | None:
    """A JPEG's segments up to its end, without comments and the data of applications.

    JFIF's and Adobe's headers stay: they say how colours are meant. Behind the end of the picture
    phones keep previews, depths, and short films.
    """
    if data[:2] != bytes((_MARKER, _START)):
        return None
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == _MARKER:
        kind = data[at + 1]
        if kind == _MARKER:  # may stand any number of times before a marker
            at += 1
            continue
        ends = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if not _is_beside(kind, data[at:ends]):
            kept.append(data[at:ends])
        at = ends
        if kind == _SCAN:
            ends = _scan_end(data, at)
            kept.append(data[at:ends])
            at = ends
        if data[at : at + 2] == bytes((_MARKER, _END)):
            return b"".join([*kept, data[at : at + 2]])
    return None


def _is_beside(kind: int, segment: bytes) -> bool:
    """Whether a segment is not picture; headers that hold a thumbnail as well count so."""
    if kind in _APPLICATIONS:
        return (kind, segment[4:9], len(segment)) not in _HEADERS
    return kind == _COMMENT


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded picture that begins at `at` is followed by a marker of another kind."""
    while (at := data.find(_MARKER, at)) >= 0:
        if at + 1 >= len(data):
            break
        following = data[at + 1]
        if following and following not in _RESTARTS and following != _MARKER:
            return at
        at += 1 if following == _MARKER else 2
    return len(data)


def bare_webp(data: bytes) -> bytes | None:
    """A WebP of the simple format, up to its end; the extended one may hold anything."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or data[12:15] != b"VP8" or data[15:16] == b"X":
        return None
    picture = 20 + int.from_bytes(data[16:20], "little")
    picture += picture % 2
    if len(data) < picture:
        return None
    return b"RIFF" + (picture - 8).to_bytes(4, "little") + data[8:picture]
