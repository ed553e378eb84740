"""A stand-in of arXiv: an invented world of papers behind a real server on this machine."""
