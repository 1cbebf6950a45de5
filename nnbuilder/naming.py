"""Names for layers and weights that stay the same from run to run.

A node is named after its scope and itself, `layer1.0/conv1`; a weight as a `state_dict` would
call it, `layer1.0.conv1.weight`.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager


class Names:
    """The current scope, and the next free name in it."""

    def __init__(self) -> None:
        self._scopes: list[str] = []
        self._counts: dict[str, int] = {}

    @contextmanager
    def scope(self, name: str) -> Generator[None]:
        """Put `name` in front of every name given inside."""
        self._scopes.append(name)
        try:
            yield
        finally:
            self._scopes.pop()

    def scoped(self, name: str) -> str:
        """Return `name` with the current scope in front: `layer1.0/conv1`."""
        return "/".join((*self._scopes, name))

    def fresh(self, base: str, taken: Callable[[str], bool]) -> str:
        """Return `base`, or `base_1`, `base_2`, ... where that is taken."""
        if not taken(base):
            return base
        # The search goes on where the last one ended: long networks stay linear.
        count = self._counts.get(base, 1)
        while taken(f"{base}_{count}"):
            count += 1
        self._counts[base] = count
        return f"{base}_{count}"

    def module(self, node: str, *, explicit: bool) -> str:
        """Return the module that a node's weights belong to, as a `state_dict` writes it.

        A layer with a name of its own is a module; one without is what its scope is named for.
        """
        own = explicit or not self._scopes
        return (node if own else "/".join(self._scopes)).replace("/", ".")
