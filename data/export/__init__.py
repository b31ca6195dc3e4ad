"""Contacts of a filter as files: streamed, complete, and safe to open in a spreadsheet.

Ask `gate.exports` for them: it checks who may have them. Nothing in pages imports this.
"""

from data.export.formula_guard import guard_cell
from data.export.opening import ExportFile, count_export_rows, open_export_file

__all__ = ["ExportFile", "count_export_rows", "guard_cell", "open_export_file"]
