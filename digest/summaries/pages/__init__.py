"""The text of page one of a PDF, read where a hostile file can do no harm."""
