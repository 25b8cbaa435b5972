"""Everything that people write, and the tool that turns it into notebooks."""
