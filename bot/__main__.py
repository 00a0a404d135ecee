"""`python -m bot`, also installed as `clipcue`."""

import sys

from bot.commands.line import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
