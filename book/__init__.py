"""Everything that people write: lessons, snippets, glossary, and the tool that turns them into notebooks."""
