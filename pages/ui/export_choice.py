"""Which file is wanted, chosen in the popover beside the list: tool or format, rows and columns."""

import streamlit as st

from data.export_kinds import (
    EXPORT_COLUMNS,
    USUAL_COLUMNS,
    ExportTool,
    ExportWanted,
    FileFormat,
    RowKind,
)

FORMAT_WORDS = {
    FileFormat.CSV: "CSV",
    FileFormat.EXCEL_CSV: "CSV for Excel",
    FileFormat.XLSX: "Excel workbook (.xlsx)",
    FileFormat.PARQUET: "Parquet",
    FileFormat.JSONL: "JSON Lines",
    FileFormat.VCARD_3: "vCard 3.0",
    FileFormat.VCARD_4: "vCard 4.0",
}
TOOL_WORDS = {
    ExportTool.HUBSPOT: "HubSpot",
    ExportTool.SALESFORCE_LEADS: "Salesforce leads",
    ExportTool.SALESFORCE_CONTACTS: "Salesforce contacts",
    ExportTool.MAILCHIMP: "Mailchimp",
    ExportTool.BREVO: "Brevo",
    ExportTool.GOOGLE_CONTACTS: "Google Contacts",
    ExportTool.OUTLOOK: "Outlook",
    ExportTool.WHATSAPP_INTERAKT: "WhatsApp list (Interakt)",
    ExportTool.WHATSAPP_MYOPERATOR: "WhatsApp list (MyOperator)",
}
ROW_WORDS = {
    RowKind.CONTACTS: "Contact",
    RowKind.IDENTIFIERS: "Address",
    RowKind.SESSIONS: "Viewing session",
}
TOOL_NOTES = {
    ExportTool.SALESFORCE_LEADS: "Email Opt Out is 0 only for those who consented.",
    ExportTool.SALESFORCE_CONTACTS: "Email Opt Out is 0 only for those who consented.",
    ExportTool.GOOGLE_CONTACTS: "An address book: everybody is in it, whatever they consented to.",
    ExportTool.OUTLOOK: "An address book: everybody is in it, whatever they consented to.",
}
FORMAT_NOTES = {
    FileFormat.EXCEL_CSV: (
        "A spreadsheet that opens it takes +447700900123 for a number and drops the plus. Import "
        "that column as text, or choose the workbook, which keeps it."
    ),
}
_KIND = "contacts_export_kind"
_ROWS = "contacts_export_rows"
_COLUMNS = "contacts_export_columns"


def choose_export() -> ExportWanted:
    """The file that is chosen: CSV with the usual columns until another is."""
    kinds: list[FileFormat | ExportTool] = [*FileFormat, *ExportTool]
    kind = st.selectbox(
        "Format or tool",
        kinds,
        format_func=_say_export_kind,
        key=_KIND,
    )
    if isinstance(kind, ExportTool):
        if kind in TOOL_NOTES:
            st.text(TOOL_NOTES[kind])
        return ExportWanted(tool=kind)
    if kind in FORMAT_NOTES:
        st.text(FORMAT_NOTES[kind])
    if not kind.has_columns:
        return ExportWanted(kind)
    rows = st.segmented_control(
        "One row for each",
        list(RowKind),
        default=RowKind.CONTACTS,
        format_func=ROW_WORDS.__getitem__,
        key=_ROWS,
        required=True,
    )
    return ExportWanted(kind, rows=rows, columns=_choose_export_columns(rows))


def _say_export_kind(kind: FileFormat | ExportTool) -> str:
    return TOOL_WORDS[kind] if isinstance(kind, ExportTool) else FORMAT_WORDS[kind]


def _choose_export_columns(rows: RowKind) -> tuple[str, ...]:
    """The columns, none if they are the usual ones; each kind of row keeps its own."""
    chosen = st.multiselect(
        "Columns",
        list(EXPORT_COLUMNS[rows]),
        default=list(USUAL_COLUMNS[rows]),
        key=f"{_COLUMNS}_{rows}",
        placeholder="The usual ones",
    )
    in_order = tuple(name for name in EXPORT_COLUMNS[rows] if name in chosen)
    return () if in_order == USUAL_COLUMNS[rows] else in_order
