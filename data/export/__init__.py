"""Contacts of a filter as files: streamed, complete, and safe to open in a spreadsheet.

Ask `gate.exports` for them: it checks who may have them. Nothing in pages imports this.
"""

from data.export.contacts_csv import CSV_COLUMNS, stream_contacts_csv
from data.export.formula_guard import guard_cell

__all__ = ["CSV_COLUMNS", "guard_cell", "stream_contacts_csv"]
