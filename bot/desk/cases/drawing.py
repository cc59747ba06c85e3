"""Draw a picture of a file: `python -m bot.desk.cases.drawing MIME PAGE LONGEST`, the file on standard input.

A process of its own that holds no key, may take little memory and little time, and is given whatever somebody sent.
Out come the number of pages, a line end and a JPEG without anything that a camera wrote into the original.
"""

import io
import resource
import sys

from PIL import Image, ImageOps

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
PDF = "application/pdf"
_PIXELS = 64_000_000  # of an original, more than telephones take
_MEMORY, _SECONDS = 2 << 30, 20  # bytes of address space, and of the processor's time
_WHITE = (255, 255, 255)


def drawn(data: bytes, mime: str, page: int, longest: int) -> tuple[int, bytes]:
    """Return how many pages there are and a JPEG of one, from 0, its longer side at most `longest` pixels."""
    if mime == PDF:
        pages, image = _of_pdf(data, page, longest)
    else:
        pages, image = 1, _of_picture(data, FORMATS[mime], longest)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return pages, out.getvalue()


def _of_picture(data: bytes, kind: str, longest: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = _PIXELS // 2  # Pillow refuses twice as many
    with Image.open(io.BytesIO(data), formats=[kind]) as image:
        image.draft("RGB", (longest, longest))  # a JPEG is read no finer than it is shown
        image.thumbnail((longest, longest))
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    on_white = Image.new("RGB", upright.size, _WHITE)
    on_white.paste(upright, mask=upright.getchannel("A"))
    return on_white


def _of_pdf(data: bytes, page: int, longest: int) -> tuple[int, Image.Image]:
    import pypdfium2  # its library is loaded only for what needs it

    document = pypdfium2.PdfDocument(data)
    sheet = document[min(page, len(document) - 1)]
    image: Image.Image = sheet.render(scale=longest / max(sheet.get_size())).to_pil().convert("RGB")
    return len(document), image


def main() -> None:
    """Draw, or end with an error of whatever kind."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    mime, page, longest = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    pages, jpeg = drawn(sys.stdin.buffer.read(), mime, page, longest)
    sys.stdout.buffer.write(b"%d\n" % pages + jpeg)


if __name__ == "__main__":
    main()
