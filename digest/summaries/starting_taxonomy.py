"""The taxonomy that a new installation starts with; an editor may change it in the admin."""

from __future__ import annotations

from digest.summaries.starting_ai import AI
from digest.summaries.starting_mlsys import MLSYS
from digest.summaries.starting_sys import SYS
from digest.summaries.taxonomy import Taxonomy

STARTING = Taxonomy(domains=(AI, SYS, MLSYS))
