"""Print which layers this machine offers."""

from .probing import main

main()
