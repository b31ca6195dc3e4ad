"""The bytes of the demo's documents: small real files, made on the spot."""

import os
import secrets
from io import BytesIO
from pathlib import Path, PurePosixPath

from PIL import Image, ImageDraw, ImageFont

from data.demo.contents import DocumentPlan, Slide
from data.demo.pdf import write_pdf

FOOTER = "Larkmere · shared through Gatebook"
_CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".md": "text/markdown",
    ".csv": "text/plain",
    ".txt": "text/plain",
}
_WIDTH, _HEIGHT = 1200, 675


def content_type_of(plan: DocumentPlan) -> str:
    """The content type that an upload of this document would be given."""
    return _CONTENT_TYPES[PurePosixPath(plan.name).suffix]


def make_file(plan: DocumentPlan) -> bytes:
    """The document's bytes, the same each time."""
    content_type = content_type_of(plan)
    if content_type == "application/pdf":
        return write_pdf(plan.slides, FOOTER)
    if content_type == "image/png":
        return _draw_chart(plan.slides[0])
    return plan.body.encode()


def write_document_file(folder: Path, content: bytes) -> str:
    """The unguessable name under which the bytes now lie in the folder, for this user alone."""
    name = secrets.token_hex(16)
    descriptor = os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return name


def _draw_chart(slide: Slide) -> bytes:
    image = Image.new("RGB", (_WIDTH, _HEIGHT), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, _WIDTH, 14), fill="#1d4ed8")
    draw.text((70, 60), slide.heading, fill="#0f172a", font=ImageFont.load_default(40))
    draw.text((70, 610), " ".join(slide.lines), fill="#475569", font=ImageFont.load_default(22))
    step, bottom = (_WIDTH - 140) / len(slide.chart), 560
    label = ImageFont.load_default(20)
    for index, value in enumerate(slide.chart):
        left, top = 70 + index * step, bottom - 360 * value / max(slide.chart)
        shade = "#1d4ed8" if index == len(slide.chart) - 1 else "#93b4fd"
        draw.rectangle((left + step * 0.12, top, left + step * 0.88, bottom), fill=shade)
        label = ImageFont.load_default(20)
        draw.text(
            (left + step * 0.5, top - 30), str(value), fill="#475569", font=label, anchor="ma"
        )
    draw.line((70, bottom, _WIDTH - 70, bottom), fill="#94a3b8", width=2)
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
