"""`python -m cli`: the command line, inside the project's own environment."""

import sys

from cli.main import main

sys.exit(main(sys.argv[1:]))
