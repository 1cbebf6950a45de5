"""The self-contained page, as text."""

import base64
import re

import numpy as np

import nnviz
from tests.viz.networks import HOSTILE, fully_connected, hostile


def embedded(page: str) -> dict[str, bytes]:
    found = re.findall(r'<script type="application/octet-stream" id="([^"]*)">([^<]*)<', page)
    return {name: base64.b64decode(content) for name, content in found}


def test_the_page_holds_everything_it_needs() -> None:
    page = nnviz.to_html(fully_connected())
    content = embedded(page)
    assert len(content) == 1 + 2 * 3
    weight = np.frombuffer(content["tensor/0"], np.float32)
    np.testing.assert_array_equal(weight, np.arange(48) / 4)
    without_data = re.sub(r"data:[^\"']*", "", page)
    sources = re.findall(
        r"""<(?:script|link|img)[^>]*(?:src|href)=["']([^"']+)""", without_data
    )
    assert sources == []


def test_the_page_carries_netrons_licence_notice() -> None:
    page = nnviz.to_html(fully_connected())
    assert "Copyright (c) Lutz Roeder" in page
    assert "Permission is hereby granted, free of charge" in page


def test_the_page_is_the_same_each_time() -> None:
    assert nnviz.to_html(fully_connected()) == nnviz.to_html(fully_connected())


def test_above_the_limit_only_shapes_are_in_the_page() -> None:
    graph = fully_connected()
    size = sum(constant.array.nbytes for constant in graph.constants)
    assert embedded(nnviz.to_html(graph, weight_limit=size - 1)).keys() == {"graph.json"}
    assert "tensor/2" in embedded(nnviz.to_html(graph, weight_limit=size))


def test_no_hostile_name_is_markup() -> None:
    page = nnviz.to_html(hostile())
    assert not [name for name in HOSTILE[:2] if name in page]
    assert "window.hacked" in embedded(page)["graph.json"].decode()
