"""What the first bytes of a file say about it, before anybody sends or reads the rest."""

ENOUGH = 12
"""Bytes that are needed to tell."""

_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"}
_BEGINNINGS = (
    b"\x1a\x45\xdf\xa3",  # Matroska and WebM
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x47",  # MPEG transport stream
    b"OggS",
    b"FLV\x01",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # Windows Media
)


def may_be_video(beginning: bytes) -> bool:
    """Whether a file that begins like this can be a video of any kind; the probe knows better.

    Mirrored in the upload page, which looks before the first byte is sent.
    """
    if beginning[4:8] in _BOXES or beginning.startswith(_BEGINNINGS):
        return True
    return beginning.startswith(b"RIFF") and beginning[8:12] == b"AVI "
