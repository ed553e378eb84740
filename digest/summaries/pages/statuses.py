"""With which status the child ends where there is no text. Neither side imports the other."""

from __future__ import annotations

NO_PDF, ENCRYPTED, NO_PAGE, NO_TEXT, NO_MEMORY = 3, 4, 5, 6, 7
