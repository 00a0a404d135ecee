"""Draws the cover of a clip, in a process of its own: whoever sends a clip chooses what is parsed.

`python -m sandbox.cover CLIP MILLISECONDS COVER` writes the frame at that time as JPEG.
"""

import resource
import signal
import sys
from pathlib import Path

import av
from PIL import Image

WIDTH = 360  # pixels
SECONDS = 15
MEMORY = 1024**3


def draw(clip: Path, milliseconds: int, cover: Path) -> None:
    """Draw the first frame that is not before `milliseconds`, or else the last one."""
    shown = None
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        begins = float((stream.start_time or 0) * (stream.time_base or 0))
        wanted = begins + milliseconds / 1000
        container.seek(int(wanted * av.time_base))
        for frame in container.decode(stream):
            shown = frame
            if (frame.time or 0) >= wanted:
                break
    if shown is None:
        raise ValueError("no picture in it")
    picture: Image.Image = shown.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it so
    if shown.rotation:
        picture = picture.rotate(shown.rotation, expand=True)
    picture.thumbnail((WIDTH, WIDTH * 4))
    draft = cover.with_suffix(".new")
    picture.save(draft, "JPEG", quality=82)
    draft.replace(cover)


if __name__ == "__main__":
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    draw(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
