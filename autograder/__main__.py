"""`python -m autograder`: the engine's commands.

A command's module is imported when it is called: `grade` starts its fork server before anything
large is imported, and `--help` answers at once. What is not installed (the benchmark, where the
engine is alone) is not listed.
"""

import importlib
import importlib.util
import os
import sys

import click

_COMMANDS = {  # name: module with its `main`, what it does
    "grade": ("autograder.engine.__main__", "Grade what was handed in and has changed."),
    "sandbox": ("autograder.sandbox.__main__", "Which layers of the sandbox this machine offers."),
    "kernels": (
        "autograder.kernels.__main__",
        "Offer warm kernels to nbval, nbclient and Jupyter Book.",
    ),
    "bench": ("autograder.bench", "Speed beside stock nbgrader, on this machine."),
}


class Commands(click.Group):
    """Finds a command by name, in its module's `main`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Those that are installed."""
        return [name for name, (module, _) in _COMMANDS.items() if importlib.util.find_spec(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """None for one that is not there."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(_COMMANDS[cmd_name][0]).main
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their names and what they do, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=Commands)
def main() -> None:
    """Grade nbgrader's assignments in warm, sandboxed kernels, in parallel.

    In a course's folder, where nbgrader_config.py lies:

    \b
      python -m autograder sandbox        does this machine offer a whole sandbox?
      python -m autograder grade ps1      grade what was handed in and has changed
      nbgrader autograde ps1              the same,
      after `import autograder.enable` in nbgrader_config.py
    """


def leave(ended: SystemExit) -> None:
    """End the process with its status, without torch's second of leaving, in which there is nothing
    to do.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(ended.code or 0))


if __name__ == "__main__":
    try:
        main(prog_name="python -m autograder")
    except SystemExit as ended:
        leave(ended)
