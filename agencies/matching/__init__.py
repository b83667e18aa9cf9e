"""Reads the agency cells of plans: ``parse_agency_cell(text, column=…, catalogue=Catalogue.standard())``.

Pure Python: no model, no database. The app builds a ``Catalogue`` from its register; the command
``parse_agencies`` uses the national one.
"""

from .catalogue import Catalogue, Name
from .cells import AgencyCell, CellWarning, Entry
from .reading import is_ditto, parse_agency_cell

__all__ = ["AgencyCell", "Catalogue", "CellWarning", "Entry", "Name", "is_ditto", "parse_agency_cell"]
