"""python -m coachbot.sandbox: starts the sandbox without Django."""

import argparse

from coachbot.sandbox import command_line


def main() -> None:
    """Read the arguments and run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser("python -m coachbot.sandbox", description=command_line.ABOUT)
    command_line.add_arguments(parser)
    command_line.run(vars(parser.parse_args()))


if __name__ == "__main__":
    main()
