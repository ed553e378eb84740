"""Small PDFs made by tests: one page of lines at places, or something hostile."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

#: Across, up (both in points from the lower left), size, words.
Line = tuple[float, float, float, str]
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>"


def of_lines(lines: Iterable[Line]) -> bytes:
    """One page of these lines, in their order."""
    shown = b"".join(_shown(*line) for line in lines)
    return of_objects(_page(b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown)))


def of_stream(packed: bytes) -> bytes:
    """One page whose content is packed by deflate."""
    head = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return of_objects(_page(head + packed + b"\nendstream"))


def bomb(times: int) -> bytes:
    """A page that unpacks to so many times ten million blanks."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 10_000_000) for _ in range(times))
    return of_stream(packed + packer.flush())


def of_objects(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects; the first is the catalogue."""
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows)
    end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (count, trailer, len(out))
    return out + table + end


def _page(content: bytes) -> list[bytes]:
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"
        b"/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        content,
        _FONT,
    ]


def _shown(x: float, y: float, size: float, words: str) -> bytes:
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    raw = escaped.encode("cp1252")
    return b"BT /F1 %.1f Tf %.1f %.1f Td (%s) Tj ET\n" % (size, x, y, raw)
