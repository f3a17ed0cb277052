"""`python -m bot`: the same as the `kpibot` command."""

from bot.cli import main

if __name__ == "__main__":
    main()
