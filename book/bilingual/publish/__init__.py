"""The students' tree: site and notebooks, no solutions."""
