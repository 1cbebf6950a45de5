"""A picture of a network as SVG, in Netron's look, and as PNG."""

from collections.abc import Iterator
from html import escape

from nnviz.diagram import Arrow, Box, diagram
from nnviz.errors import ViewError
from nnviz.layout import (
    LABEL_SIZE,
    LIST_PADDING,
    ROW_HEIGHT,
    ROW_INDENT,
    ROW_SIZE,
    TITLE_HEIGHT,
    TITLE_INDENT,
    TITLE_SIZE,
    Line,
    Place,
    Point,
    layout,
)
from wnnx.graph import Graph

MARGIN = 20
RADIUS = 5
FONT = "-apple-system, 'Segoe UI', Ubuntu, 'DejaVu Sans', sans-serif"
PLAIN = "#333333"
# The fill of a title, by the box's kind; Netron's own colours.
FILLS = {
    "Layer": "#335588",
    "Activation": "#702921",
    "Pool": "#335533",
    "Normalization": "#335544",
    "Dropout": "#454770",
    "Shape": "#6c4f47",
    "Tensor": "#59423b",
    "Transform": "#335544",
    "Quantization": "#502800",
    "Attention": "#783c00",
    "Control": "#eeeeee",
    "Input": "#eeeeee",
    "Output": "#eeeeee",
}
PALE = "#eeeeee"


def svg(graph: Graph) -> str:
    """Return a picture of a network as SVG.

    Raises:
        ViewError: if `dukpy`, of the extra `svg`, is not installed.
    """
    picture = diagram(graph)
    found = layout(picture)
    wide, high = found.width + 2 * MARGIN, found.height + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" '
        f'viewBox="{-MARGIN} {-MARGIN} {wide:.0f} {high:.0f}" font-family="{FONT}">',
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
        'markerHeight="6" orient="auto"><path d="M0,0L10,5L0,10L4,5z"/></marker></defs>',
        f'<rect x="{-MARGIN}" y="{-MARGIN}" width="100%" height="100%" fill="#ffffff"/>',
    ]
    for arrow, line in zip(picture.arrows, found.lines, strict=True):
        ends = found.places[arrow.source], found.places[arrow.target]
        lines += _arrow(arrow, line, *ends)
    for box, place in zip(picture.boxes, found.places, strict=True):
        lines += _box(box, place)
    return "\n".join([*lines, "</svg>", ""])


def png(graph: Graph) -> bytes:
    """Return the same picture as PNG.

    Raises:
        ViewError: if the extra `svg` is not installed.
    """
    try:
        import resvg_py
    except ImportError:
        raise ViewError(
            "a .png needs resvg-py: pip install 'nnbuilder[svg]'; without it, write "
            ".html or .dot"
        ) from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg(graph)))


def _box(box: Box, place: Place) -> Iterator[str]:
    fill = FILLS.get(box.kind or "", PLAIN)
    ink = "#000000" if fill == PALE else "#ffffff"
    wide, high = place.width, place.height
    yield f'<g class="box" transform="translate({place.x:.2f},{place.y:.2f})">'
    yield f"<title>{escape(box.tooltip)}</title>"
    if box.rows:
        yield f'<path d="{_rounded(wide, high)}" fill="#ffffff"/>'
    title_height = TITLE_HEIGHT if box.rows else high
    yield f'<path d="{_rounded(wide, title_height, flat=bool(box.rows))}" fill="{fill}"/>'
    yield _text(box.title, TITLE_INDENT, 14.5, TITLE_SIZE, f' fill="{ink}"')
    for index, row in enumerate(box.rows):
        baseline = TITLE_HEIGHT + LIST_PADDING + ROW_HEIGHT * index + 9.5
        bold = f'<tspan font-weight="bold">{escape(row.name)}</tspan> {escape(row.content)}'
        yield _markup(bold, ROW_INDENT, baseline, ROW_SIZE)
    yield f'<path d="{_rounded(wide, high)}" fill="none" stroke="#333333"/>'
    yield "</g>"


def _arrow(arrow: Arrow, line: Line, tail: Place, head: Place) -> Iterator[str]:
    inner = line.points[1:-1]
    points = [_border(tail, inner[0]), *inner, _border(head, inner[-1])]
    yield f'<path d="{_spline(points)}" fill="none" stroke="#000000" marker-end="url(#head)"/>'
    if arrow.label:
        yield _text(arrow.label, line.label[0], line.label[1] + LABEL_SIZE, LABEL_SIZE)


def _text(text: str, x: float, y: float, size: int, style: str = "") -> str:
    return _markup(escape(text), x, y, size, style)


def _markup(content: str, x: float, y: float, size: int, style: str = "") -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" xml:space="preserve"{style}>'
        f"{content}</text>"
    )


def _rounded(wide: float, high: float, *, flat: bool = False) -> str:
    """Return the path of a rectangle at (0, 0); its lower corners are round unless `flat`."""
    r, bottom = RADIUS, 0 if flat else RADIUS
    return (
        f"M{r},0h{wide - 2 * r:.2f}a{r},{r} 0 0 1 {r},{r}v{high - r - bottom:.2f}"
        f"a{bottom},{bottom} 0 0 1 {-bottom},{bottom}h{2 * bottom - wide:.2f}"
        f"a{bottom},{bottom} 0 0 1 {-bottom},{-bottom}v{r + bottom - high:.2f}"
        f"a{r},{r} 0 0 1 {r},{-r}z"
    )


def _border(box: Place, towards: Point) -> Point:
    """Return where the line from the middle of a box to a point leaves the box."""
    x, y = box.x + box.width / 2, box.y + box.height / 2
    dx, dy = towards[0] - x, towards[1] - y
    if not dx and not dy:
        return x, y
    reach = min(
        box.width / 2 / abs(dx) if dx else float("inf"),
        box.height / 2 / abs(dy) if dy else float("inf"),
    )
    return x + dx * reach, y + dy * reach


def _spline(points: list[Point]) -> str:
    """Return the path of a cubic B-spline that begins and ends on its end points."""
    (x0, y0), (x1, y1) = points[0], points[1]
    path = [f"M{x0:.2f},{y0:.2f}L{(5 * x0 + x1) / 6:.2f},{(5 * y0 + y1) / 6:.2f}"]
    padded = [*points, points[-1]]
    for a, b, c in zip(padded, padded[1:], padded[2:], strict=False):
        path.append(
            f"C{(2 * a[0] + b[0]) / 3:.2f},{(2 * a[1] + b[1]) / 3:.2f},"
            f"{(a[0] + 2 * b[0]) / 3:.2f},{(a[1] + 2 * b[1]) / 3:.2f},"
            f"{(a[0] + 4 * b[0] + c[0]) / 6:.2f},{(a[1] + 4 * b[1] + c[1]) / 6:.2f}"
        )
    return "".join([*path, f"L{points[-1][0]:.2f},{points[-1][1]:.2f}"])
