"""Real, tested modules whose source is inlined into the notebooks."""
