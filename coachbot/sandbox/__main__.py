"""python -m coachbot.sandbox: starts the sandbox without Django."""

import argparse

from coachbot.sandbox import command_line


def main() -> None:
    """Read the arguments and run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m coachbot.sandbox", description=__doc__)
    command_line.add_arguments(parser)
    options = parser.parse_args()
    command_line.run(host=options.host, port=options.port, quiet=options.quiet)


if __name__ == "__main__":
    main()
