"""What arXiv announced and what we say about it; knows nothing of subscribers or mail."""
