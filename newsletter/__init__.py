"""Who reads, and what was sent to them; the project itself."""
