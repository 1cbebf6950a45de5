"""Netron in a real browser, served and self-contained."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

import nnviz
from tests.viz.chromium import Chromium
from tests.viz.networks import HOSTILE, fully_connected, hostile, residual
from wnnx.graph import Graph

pytestmark = pytest.mark.browser
FORMS = ["served", "self-contained"]
READY = "document.body?.className === 'default'"
NODES = "document.querySelectorAll('#nodes > .graph-node')"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@contextmanager
def shown(chromium: Chromium, graph: Graph, form: str, folder: Path) -> Generator[str]:
    """Open a network's page; at the end, check that it asked no other host for anything."""
    if form == "served":
        with nnviz.serve(graph, browse=False) as server:
            yield from opened(chromium, server.url)
    else:
        path = folder / "page.html"
        path.write_text(nnviz.to_html(graph), encoding="utf-8")
        yield from opened(chromium, path.as_uri())


def opened(chromium: Chromium, url: str) -> Iterator[str]:
    chromium.open(url)
    chromium.wait_for(READY)
    yield url
    ours = urlsplit(url)
    for request in map(urlsplit, chromium.requests):
        served = (request.scheme, request.netloc) == (ours.scheme, ours.netloc)
        assert request.scheme in {"data", "blob"} or served, request.geturl()
        assert ours.scheme != "file" or request.scheme != "file" or request.path == ours.path
    assert chromium.requests
    assert chromium.complaints == []


def texts(chromium: Chromium, selector: str) -> list[str]:
    found: list[str] = chromium.evaluate(
        f"[...document.querySelectorAll({selector!r})].map((e) => e.textContent)"
    )
    return found


def click_layer(chromium: Chromium, index: int) -> None:
    chromium.click(f"{NODES}[{index}].querySelector('.node-item')")
    chromium.wait_for(
        "document.querySelector('.sidebar-title')?.textContent === 'Node Properties'"
    )


@pytest.mark.parametrize("form", FORMS)
def test_layers_shapes_and_kinds_are_shown(
    chromium: Chromium, form: str, tmp_path: Path
) -> None:
    graph = residual()
    with shown(chromium, graph, form, tmp_path):
        assert chromium.evaluate(f"{NODES}.length") == len(graph.nodes) == 17
        labels = texts(chromium, ".edge-label")
        assert labels.count("N\u00d73\u00d732\u00d732") == 1
        assert labels.count("N\u00d716\u00d732\u00d732") == 1 + 3 * 5
        assert texts(chromium, ".graph-input") == ["imagefloat32[N, 3, 32, 32]"]
        kinds = {"layer": 4, "normalization": 3, "activation": 4, "pool": 1, "shape": 1}
        for kind, count in kinds.items():
            assert len(texts(chromium, f".node-item-type-{kind}")) == count
        fill = "getComputedStyle(document.querySelector('.node-item-type-layer path')).fill"
        assert chromium.evaluate(fill) == "rgb(51, 85, 136)"
        assert chromium.evaluate("document.title") == "residual"


@pytest.mark.parametrize("form", FORMS)
def test_a_weights_values_and_statistics_are_shown(
    chromium: Chromium, form: str, tmp_path: Path
) -> None:
    with shown(chromium, fully_connected(), form, tmp_path):
        before = [request for request in chromium.requests if "tensor/" in request]
        assert before == []
        click_layer(chromium, 0)
        chromium.click("document.querySelector('.sidebar-item-value-button-tool')")
        chromium.wait_for("document.querySelectorAll('.sidebar-item').length > 10")
        chromium.click("document.querySelector('.sidebar-item-value-expander')")
        content = chromium.wait_for(
            "[...document.querySelectorAll('#sidebar pre')].map((e) => e.innerText)"
            ".find((text) => text.includes('11.75'))"
        )
        numbers = content.translate(str.maketrans("[],", "   ")).split()
        assert [float(n) for n in numbers[-48:]] == (np.arange(48) / 4).tolist()
        items = chromium.evaluate(
            "Object.fromEntries([...document.querySelectorAll('.sidebar-item')].map((e) => "
            "[e.querySelector('input').value, e.querySelector('.sidebar-item-value').innerText"
            "]))"
        )
        assert items["name"] == "fc0.weight"
        assert items["shape"] == "12,4"
        assert items["max"] == "11.75"
        assert items["mean"] == "5.875"
        assert items["sparsity"].endswith("2.1%")
        counts = np.histogram(np.arange(48), 32)[0]
        assert items["histogram"] == "".join("\u2584\u2588"[n - 1] for n in counts)


@pytest.mark.parametrize("form", FORMS)
def test_hostile_names_are_text(chromium: Chromium, form: str, tmp_path: Path) -> None:
    with shown(chromium, hostile(), form, tmp_path):
        assert chromium.evaluate(f"{NODES}.length") == len(HOSTILE)
        click_layer(chromium, 3)
        values = texts(chromium, ".sidebar-item-value")
        assert "two\\nlines" in values
        chromium.click("document.querySelector('#sidebar-model-button')")
        chromium.wait_for(
            "document.querySelector('.sidebar-title')?.textContent === 'Model Properties'"
        )
        assert HOSTILE[0] in texts(chromium, ".sidebar-item-value")
        assert chromium.evaluate("window.hacked === undefined") is True


def test_a_page_without_values_says_so(chromium: Chromium, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(nnviz.to_html(fully_connected(), weight_limit=0), encoding="utf-8")
    chromium.open(path.as_uri())
    chromium.wait_for(READY)
    click_layer(chromium, 0)
    chromium.click(
        "document.querySelector('.sidebar-item-value-content .sidebar-item-value-expander')"
    )
    said = "This page holds the shapes of the weights, not their values."
    chromium.wait_for(f"document.querySelector('#sidebar pre')?.innerText === {said!r}")


@pytest.mark.parametrize("form", FORMS)
def test_the_menu_offers_no_way_out(chromium: Chromium, form: str, tmp_path: Path) -> None:
    with shown(chromium, fully_connected(), form, tmp_path):
        chromium.click("document.querySelector('#menu-button')")
        chromium.wait_for("document.querySelector('#menu').style.opacity >= 1")
        offered = " ".join(texts(chromium, "#menu button, #menu .menu-command"))
        assert "Find" in offered
        assert "Open" not in offered
        assert "Issue" not in offered


def test_svg_text_fits_its_boxes_as_the_browser_draws_it(
    chromium: Chromium, tmp_path: Path
) -> None:
    path = tmp_path / "picture.svg"
    path.write_text(nnviz.to_svg(residual()), encoding="utf-8")
    chromium.open(path.as_uri())
    chromium.wait_for("document.querySelectorAll('g.box').length === 19")
    room = chromium.evaluate(
        "Math.min(...[...document.querySelectorAll('g.box')].flatMap((box) => {"
        "const outer = box.querySelector('path:last-child').getBBox();"
        "return [...box.querySelectorAll('text')].map((text) => {"
        "const inner = text.getBBox();"
        "return outer.x + outer.width - inner.x - inner.width; }); }))"
    )
    assert room >= 5
