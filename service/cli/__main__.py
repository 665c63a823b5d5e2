"""`python -m service.cli`: what the supervisor starts, whatever stands on PATH."""

from service.cli import main

main()
