"""What must hold of every lesson, without running it."""
