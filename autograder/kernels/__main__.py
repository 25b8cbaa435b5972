"""`python -m autograder.kernels install [--prefix DIR]`: write the kernelspec `course-warm`."""

import json
import sys
from pathlib import Path

import click

SPEC = {
    "argv": [
        sys.executable,
        "-m",
        "ipykernel_launcher",
        "-f",
        "{connection_file}",
    ],  # what a plain client falls back to
    "display_name": "Python 3 (warm)",
    "language": "python",
    "interrupt_mode": "signal",
    "metadata": {"kernel_provisioner": {"provisioner_name": "course-warm"}},
}


@click.group()
def main() -> None:
    """Offer warm kernels to nbval, nbclient and Jupyter Book."""


@main.command()
@click.option(
    "--prefix",
    type=click.Path(path_type=Path),
    default=Path(sys.prefix),
    help="where share/jupyter lies",
)
def install(prefix: Path) -> None:
    """Write the kernelspec course-warm."""
    directory = prefix / "share" / "jupyter" / "kernels" / "course-warm"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "kernel.json").write_text(json.dumps(SPEC, indent=1) + "\n")
    click.echo(f"wrote {directory / 'kernel.json'}")


@main.command()
def end() -> None:
    """End the fork servers that `grade --keep-warm` has left running for you."""
    from .keeper import end_all

    click.echo(f"{end_all()} ended")


if __name__ == "__main__":
    main()
