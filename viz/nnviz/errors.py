"""What keeps a network from being shown."""

from wnnx.errors import WnnxError


class ViewError(WnnxError):
    """A picture or page that cannot be made: something is not installed, or cannot be had."""
