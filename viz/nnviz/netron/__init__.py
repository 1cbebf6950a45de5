"""Netron, fed with `.wnnx`: its model, a server, and a page that needs none."""
