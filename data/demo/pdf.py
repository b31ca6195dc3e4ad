"""Small real PDFs with crisp text and simple shapes: slides of 960 × 540 points."""

from collections.abc import Sequence

from data.demo.contents import Slide

WIDTH, HEIGHT = 960, 540
_INK = "0.06 0.09 0.16"
_MUTED = "0.39 0.45 0.55"
_ACCENT = "0.11 0.31 0.85"
_TINT = "0.75 0.83 0.99"
_PAPER = "1 1 1"
_CHART_WIDTH, _CHART_HEIGHT = 340, 250
_TEXT_SIZE = 24
_LEADING = 1.3
# Helvetica's average width, as a share of the size: enough to break lines with.
_GLYPH_WIDTH = 0.5


def write_pdf(slides: Sequence[Slide], footer: str) -> bytes:
    """A PDF with one page for each slide; the first is the cover."""
    pages = [_draw_cover(slides[0])]
    pages += [
        _draw_slide(slide, f"{footer}   {number}") for number, slide in enumerate(slides[1:], 2)
    ]
    return _assemble(pages)


def _draw_cover(slide: Slide) -> str:
    drawn = [
        _rectangle(0, 0, WIDTH, HEIGHT, _INK),
        _rectangle(0, 0, WIDTH, 14, _ACCENT),
        *(_rectangle(700 + 44 * i, 60, 30, 60 + 52 * i, _ACCENT) for i in range(5)),
        _write(72, 320, 46, slide.heading, _PAPER, font="F2"),
    ]
    drawn += _paragraph(72, 268, 20, " ".join(slide.lines), _TINT, width=560)
    return "\n".join(drawn)


def _draw_slide(slide: Slide, footer: str) -> str:
    drawn = [
        _rectangle(0, HEIGHT - 12, WIDTH, 12, _ACCENT),
        _write(64, 438, 38, slide.heading, _INK, font="F2"),
        _write(64, 30, 11, footer, _MUTED),
    ]
    text_width = 440 if slide.chart else 820
    height = 365
    for line in slide.lines:
        if line.startswith("- "):
            drawn.append(_rectangle(64, height + 4, 10, 10, _ACCENT))
        text = line.removeprefix("- ")
        paragraph = _paragraph(90, height, _TEXT_SIZE, text, _INK, width=text_width)
        drawn += paragraph
        height -= int(_TEXT_SIZE * (_LEADING * len(paragraph) + 0.9))
    if slide.chart:
        drawn += _bars(slide.chart)
    return "\n".join(drawn)


def _bars(values: Sequence[int]) -> list[str]:
    left, bottom, step = 560, 110, _CHART_WIDTH / len(values)
    drawn = [_rectangle(left, bottom - 1, _CHART_WIDTH, 1, _MUTED)]
    for index, value in enumerate(values):
        x, tall = left + index * step, _CHART_HEIGHT * value / max(values)
        shade = _ACCENT if index == len(values) - 1 else _TINT
        drawn.append(_rectangle(x + step * 0.15, bottom, step * 0.7, tall, shade))
        drawn.append(_write(x + step * 0.2, bottom + tall + 6, 12, str(value), _MUTED))
    return drawn


def _paragraph(x: float, y: float, size: int, text: str, colour: str, *, width: int) -> list[str]:
    """The text in lines that fit the width, the first at `y`."""
    lines, room = [""], int(width / (size * _GLYPH_WIDTH))
    for word in text.split():
        if len(lines[-1]) + len(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [
        _write(x, y - size * _LEADING * row, size, line, colour) for row, line in enumerate(lines)
    ]


def _rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f"{colour} rg {x:.1f} {y:.1f} {width:.1f} {height:.1f} re f"


def _write(x: float, y: float, size: int, text: str, colour: str, *, font: str = "F1") -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {colour} rg /{font} {size} Tf {x:.1f} {y:.1f} Td ({escaped}) Tj ET"


def _assemble(pages: Sequence[str]) -> bytes:
    """The file of these pages' drawings: catalogue, page tree, two fonts, then page by page."""
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(pages)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
    ]
    for index, drawing in enumerate(pages):
        stream = drawing.encode("cp1252")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
            f"/Contents {6 + 2 * index} 0 R >>".encode()
        )
        head = f"<< /Length {len(stream)} >>\nstream\n".encode()
        objects.append(head + stream + b"\nendstream")
    return _number_objects(objects)


def _number_objects(objects: Sequence[bytes]) -> bytes:
    """The objects with their numbers, and the table that says at which byte each begins."""
    written, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    tail = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    )
    return written + tail.encode()
