"""`python -m tests.oracles FILE`: FILE is a JSON list of {id, kpi, input, expected, tolerance}.

The last line counts; exit status 1 when a figure is off.
"""

import sys
from pathlib import Path

from tests.oracles.check import report

lines, good = report(Path(sys.argv[1]))
sys.stdout.write("\n".join(lines) + "\n")
sys.exit(0 if good else 1)
