"""The command `nnbuilder`: import, info, run and verify `.wnnx` files."""

import sys

import typer
from rich.console import Console
from rich.text import Text

from nnbuilder.cli.import_ import import_
from nnbuilder.cli.info import info
from nnbuilder.cli.run import run
from nnbuilder.cli.verify import verify
from wnnx.errors import WnnxError

app = typer.Typer(
    name="nnbuilder",
    help="Import, look into, run and verify .wnnx networks. To see one: nnviz model.wnnx",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("import")(import_)
app.command()(info)
app.command()(run)
app.command()(verify)


def main() -> None:
    """Run the command; an error of ours is one line and exit status 1."""
    try:
        app()
    except (WnnxError, OSError) as error:
        # Text, not markup: names in files are other people's.
        Console(stderr=True).print(Text(f"nnbuilder: {error}"), soft_wrap=True)
        sys.exit(1)
