"""From a source file to cells: what a lesson says, and what stands in it."""
