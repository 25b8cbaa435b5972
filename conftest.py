"""pytest's root: makes the project importable and checks notebooks as the build made them."""

pytest_plugins = ["book.bilingual.build.nbval_plugin"]
