"""From cells to notebooks: executed once, written in both languages."""
