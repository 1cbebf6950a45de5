"""SVG, PNG, Graphviz source and the table, from their coordinates and their text."""

import itertools
import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest

import nnviz
from nnviz.diagram import Diagram, diagram
from nnviz.layout import LABEL_SIZE, Place, layout
from nnviz.svg import FILLS
from nnviz.text import visible, width
from tests.viz.networks import HOSTILE, fully_connected, hostile, residual
from wnnx.graph import Graph

SVG = "{http://www.w3.org/2000/svg}"
GRAPHS = [fully_connected, residual, hostile]


def overlap(a: Place, b: Place) -> bool:
    apart = a.x + a.width <= b.x or b.x + b.width <= a.x
    return not (apart or a.y + a.height <= b.y or b.y + b.height <= a.y)


def test_a_diagram_joins_who_writes_with_who_reads() -> None:
    found = diagram(fully_connected())
    assert [box.title for box in found.boxes] == ["x", "linear", "relu", "linear", "y"]
    assert [(a.source, a.target, a.label) for a in found.arrows] == [
        (0, 1, "N\u00d74"), (1, 2, "N\u00d712"), (2, 3, "N\u00d712"), (3, 4, "N\u00d73"),
    ]  # fmt: skip
    assert [(r.name, r.content) for r in found.boxes[1].rows] == [
        ("weight", "12\u00d74"), ("bias", "12"),
    ]  # fmt: skip


def test_a_compound_extent_is_put_in_parentheses() -> None:
    labels = [arrow.label for arrow in diagram(residual()).arrows]
    assert "N\u00d716\u00d7((H-1)//2+1)\u00d71" in labels


@pytest.mark.parametrize("make", GRAPHS)
def test_boxes_and_labels_do_not_overlap_and_arrows_go_down(make: type[Graph]) -> None:
    picture = diagram(make())
    found = layout(picture)
    for a, b in itertools.combinations(found.places, 2):
        assert not overlap(a, b)
    for arrow, line in zip(picture.arrows, found.lines, strict=True):
        label = Place(*line.label, width(arrow.label, LABEL_SIZE), LABEL_SIZE)
        assert not any(overlap(label, place) for place in found.places)
        source, target = found.places[arrow.source], found.places[arrow.target]
        assert source.y + source.height < target.y
    for place in found.places:
        assert place.x >= 0
        assert place.y >= 0
        assert place.x + place.width <= found.width + 1e-6
        assert place.y + place.height <= found.height + 1e-6


@pytest.mark.parametrize("make", GRAPHS)
def test_text_lies_inside_its_box(make: type[Graph]) -> None:
    graph = make()
    root = ElementTree.fromstring(nnviz.to_svg(graph))
    boxes = root.findall(f"{SVG}g[@class='box']")
    places = layout(diagram(graph)).places
    assert len(boxes) == len(places) == len(graph.nodes) + 2
    for box, place in zip(boxes, places, strict=True):
        for text in box.findall(f"{SVG}text"):
            size, x, y = (float(text.get(key) or 0) for key in ("font-size", "x", "y"))
            bold = "".join(span.text or "" for span in text)
            plain = (text.text or "") + "".join(span.tail or "" for span in text)
            right = x + width(bold, size, bold=True) + width(plain, size)
            assert x > 0
            assert right < place.width
            assert y - size > -1
            assert y + size / 4 < place.height


def test_svg_shows_the_kind_the_weights_and_the_shapes() -> None:
    text = nnviz.to_svg(fully_connected())
    assert text.count(f'fill="{FILLS["Layer"]}"') == 2
    assert text.count(f'fill="{FILLS["Activation"]}"') == 1
    assert '<tspan font-weight="bold">weight</tspan> 12\u00d74' in text
    assert text.count(">N\u00d712</text>") == 2
    assert text.count("marker-end") == 4


def test_svg_ends_its_arrows_at_the_borders() -> None:
    graph = fully_connected()
    found = layout(diagram(graph))
    paths = re.findall(r'd="(M[^"]*)" fill="none" stroke="#000000"', nnviz.to_svg(graph))
    for index, path in enumerate(paths):
        numbers = list(map(float, re.findall(r"-?\d+\.\d+", path)))
        tail, head = found.places[index], found.places[index + 1]
        assert numbers[1] == pytest.approx(tail.y + tail.height, abs=0.01)
        assert numbers[-1] == pytest.approx(head.y, abs=0.01)


def test_hostile_names_are_text_in_svg() -> None:
    root = ElementTree.fromstring(nnviz.to_svg(hostile()))
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert kinds == {"svg", "defs", "marker", "path", "rect", "g", "title", "text", "tspan"}
    titles = {(title.text or "").split("\n")[0] for title in root.iter(f"{SVG}title")}
    assert titles >= {visible(name) for name in HOSTILE}


def test_png_is_as_large_as_the_svg() -> None:
    graph = fully_connected()
    root = ElementTree.fromstring(nnviz.to_svg(graph))
    picture = nnviz.to_png(graph)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    size = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    assert size == (int(root.get("width") or 0), int(root.get("height") or 0))


def test_an_empty_network_has_a_picture() -> None:
    assert layout(Diagram((), ())).places == ()
    assert ElementTree.fromstring(nnviz.to_svg(Graph())).tag == f"{SVG}svg"


@pytest.mark.parametrize(("module", "writer"), [("dukpy", "to_svg"), ("resvg_py", "to_png")])
def test_without_the_extra_an_error_says_what_to_install(
    module: str, writer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(nnviz.ViewError, match=re.escape("pip install 'nnbuilder[svg]'")):
        getattr(nnviz, writer)(fully_connected())


def test_dot_has_a_node_for_each_box_and_an_edge_for_each_arrow() -> None:
    source = nnviz.to_dot(fully_connected())
    assert re.findall(r"^\t(\d) -> (\d) ", source, re.MULTILINE) == [
        ("0", "1"), ("1", "2"), ("2", "3"), ("3", "4"),
    ]  # fmt: skip
    assert len(re.findall(r"^\t\d \[", source, re.MULTILINE)) == 5
    assert "<b>weight</b> 12\u00d74" in source


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz's program dot")
def test_dot_reads_hostile_names_as_text() -> None:
    graph = hostile()
    drawn = subprocess.run(
        ["dot", "-Tsvg"], input=nnviz.to_dot(graph).encode(), capture_output=True, check=True
    )
    assert drawn.stderr == b""
    texts = [text.text for text in ElementTree.fromstring(drawn.stdout).iter(f"{SVG}text")]
    assert texts.count("N\u00d74") == len(HOSTILE) + 1
    assert not {box.title for box in diagram(graph).boxes} - set(texts)


def test_the_summary_counts_each_weight_once() -> None:
    rows = [
        [cell.strip() for cell in line.split("\u2502")[1:-1]]
        for line in nnviz.summary(fully_connected()).splitlines()
        if line.startswith("\u2502")
    ]
    assert rows == [
        ["x", "input", "(N, 4)", "", "", "float32"],
        ["fc0", "linear", "(N, 12)", "60", "240", "float32"],
        ["relu", "relu", "(N, 12)", "", "", "float32"],
        ["fc1", "linear", "(N, 3)", "36", "72", "float16"],
        ["total", "3 layers", "", "96", "312", "float32 240, float16 72"],
    ]


def test_hostile_names_are_text_in_the_summary() -> None:
    text = nnviz.summary(hostile(), width=1000)
    assert "[bold red]markup[/]" in text
    assert "two\\nlines" in text
    assert "\x1b" not in text
