"""The consolidated report: figures from frozen lines, the words over them, then a numbered version that never changes."""

from reports.consolidating.figures import figures_of
from reports.consolidating.versions import consolidate, hash_of

__all__ = ["consolidate", "figures_of", "hash_of"]
