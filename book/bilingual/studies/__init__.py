"""Multi-seed studies: how they are run, kept, and shown."""
