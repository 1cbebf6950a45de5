"""Print one of README's two commands: `main` or `test`; what CI runs is what README says."""

import re
import sys
from pathlib import Path

readme = (Path(__file__).parents[1] / "README.md").read_text()
found = re.search(rf"<!-- command: {sys.argv[1]} -->\s*```sh\n(.*?)```", readme, re.DOTALL)
sys.exit(f"README has no command {sys.argv[1]!r}") if found is None else print(found.group(1))
