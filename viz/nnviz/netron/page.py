"""Netron's page with our start in it: for the server, and as one self-contained file."""

import base64
import json
import re
from html import escape

from nnviz.netron.package import text
from nnviz.netron.resources import Resources, resources
from nnviz.text import visible
from wnnx.graph import Graph

# What the page may load. Nothing from another host, whatever a file or Netron says.
SERVED = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; base-uri 'none'; "
    "form-action 'none'"
)
EMBEDDED = (
    "default-src 'none'; script-src 'unsafe-inline' data:; connect-src data:; "
    "style-src 'unsafe-inline' data:; img-src data: blob:; base-uri 'none'; form-action 'none'"
)
MODULES = ("base", "zip", "dagre", "grapher", "browser", "view", "message", "host")
_IMPORT = re.compile(r"\b(from |import\()'\./([a-z0-9-]+)\.js'")
NOTICE = """<!--
This page holds parts of Netron, https://github.com/lutzroeder/netron, and, in it, of dagre and
graphlib, https://github.com/dagrejs. Both are under the MIT License:

Netron: Copyright (c) Lutz Roeder
dagre, graphlib: Copyright (c) 2012-2014 Chris Pettitt

Permission is hereby granted, free of charge, to any person obtaining a copy of this
software and associated documentation files (the "Software"), to deal in the Software
without restriction, including without limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons
to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED,
INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR
PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE.
-->
"""


def index(title: str) -> str:
    """Return Netron's page as our server sends it."""
    start = '<script type="module" src="host.js"></script>'
    return _page(title, SERVED, start)


def page(graph: Graph, *, title: str, weight_limit: int) -> str:
    """Return one page that holds Netron, the graph and, up to a limit, the weights.

    Args:
        graph: The network.
        title: The page's title; without it the network's name.
        weight_limit: Bytes of weights above which only their shapes are in the page.

    Returns:
        HTML.
    """
    found = resources(graph)
    fits = sum(constant.array.nbytes for constant in found.constants) <= weight_limit
    names = found.names() if fits else found.names()[:1]
    imports = {
        f"netron/{name}": _data_url("text/javascript", _module(name)) for name in MODULES
    }
    start = "\n".join([
        *(_embedded(found, name) for name in names),
        f'<script type="importmap">{json.dumps({"imports": imports})}</script>',
        "<script type=\"module\">import 'netron/host';</script>",
    ])
    html = _page(title or graph.name, EMBEDDED, start)
    # Netron looks for the style sheet by the end of its address when it exports a picture.
    style = f"{_data_url('text/css', text('grapher.css'))}#/grapher.css"
    html = re.sub(r'<link rel="[^"]*icon[^"]*"[^>]*>\n', "", html)
    html = html.replace('href="grapher.css"', f'href="{style}"')
    return html.replace("<html", f"{NOTICE}<html", 1)


def _page(title: str, policy: str, start: str) -> str:
    """Return Netron's page with its start, its date and its policy replaced by ours."""
    html = text("index.html")
    name = escape(visible(title), quote=True)
    head = [
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        f'<meta name="model" content="{name}">',
    ]
    html = re.sub(
        r'<meta (http-equiv="Content-Security-Policy"|name="date")[^>]*>\n', "", html
    )
    html = re.sub(r'<script [^>]*src="index.js"></script>\n', "", html)
    html = html.replace(
        '<meta charset="utf-8">', "\n".join(['<meta charset="utf-8">', *head]), 1
    )
    return html.replace("</body>", f"{start}\n</body>")


def _module(name: str) -> str:
    """Return a module whose imports go by the import map: a `data:` address has no folder."""
    return _IMPORT.sub(r"\1'netron/\2'", text(f"{name}.js"))


def _embedded(found: Resources, name: str) -> str:
    # Base64 has no "<": nothing in a file can end the element.
    content = base64.b64encode(found.get(name) or b"").decode()
    return f'<script type="application/octet-stream" id="{name}">{content}</script>'


def _data_url(kind: str, content: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content.encode()).decode()}"
