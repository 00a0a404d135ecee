"""Words and buttons of the upload page that no walk shows."""

import re
from pathlib import Path

from bot.views import uploading
from core.media.sniffing import may_be_video
from core.uploads.uploads import CHANGED, NOT_READ, TooLarge

STATIC = Path(__file__).parents[2] / "bot" / "web" / "static"


def test_telegram_shows_the_page_itself_where_it_has_an_https_address() -> None:
    inside = uploading.page_button("https://clips.example.com/upload?link=x")
    assert inside.web_app is not None and inside.url is None
    outside = uploading.page_button("http://127.0.0.1:8080/upload?link=x")
    assert outside.web_app is None and outside.url == "http://127.0.0.1:8080/upload?link=x"


def test_the_page_tells_reasons_without_marks() -> None:
    for refusal, told in (
        ({"code": CHANGED}, "The file changed while it was sent"),
        ({"code": NOT_READ}, "I could not read that file in time."),
        ({"code": "of a later version"}, "I cannot read that file as a video."),
    ):
        shown = uploading.refusal_on_page(refusal)
        assert told in shown
        assert "</b>" not in shown
    assert "4 GB" in uploading.not_begun(TooLarge())


def test_the_page_has_every_word_that_its_script_asks_for() -> None:
    script = (STATIC / "upload.js").read_text()
    template = (STATIC.parent / "templates" / "upload.html").read_text()
    asked = set(re.findall(r"\bwords\.(\w+)", script + template))
    assert asked == set(uploading.page_words())


def test_first_bytes_tell_videos_from_other_things() -> None:
    for beginning in (
        b"\x00\x00\x00\x20ftypisom",
        b"\x00\x00\x00\x08wide\x00\x00\x00\x00",
        b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f",
        b"RIFF\x00\x00\x00\x00AVI ",
    ):
        assert may_be_video(beginning), beginning
    for beginning in (
        b"PK\x03\x04" + bytes(8),
        b"MZ\x90\x00" + bytes(8),
        b"\x7fELF" + bytes(8),
        b"%PDF-1.7\n%\xe2\xe3",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"#EXTM3U\n#EXT",
        b"",
    ):
        assert not may_be_video(beginning), beginning
