"""The columns of a file for another tool: its header to the letter, its labels and limits.

Headers and rules are those of tests/corpora/crm_import_headers.json, which names its sources.
"""

from types import MappingProxyType

from data.export.address_books import GOOGLE_CONTACTS, OUTLOOK
from data.export.columns import NOTHING, Column, find_plain_columns
from data.export.mailing_tools import (
    BREVO,
    BREVO_OPTED_OUT,
    HUBSPOT,
    HUBSPOT_OPTED_OUT,
    INTERAKT_OPTED_OUT,
    MAILCHIMP,
    MAILCHIMP_OPTED_OUT,
    MYOPERATOR_OPTED_OUT,
    WHATSAPP_INTERAKT,
    WHATSAPP_MYOPERATOR,
)
from data.export.tool_cells import (
    BEFORE_LAST,
    BEST_EMAIL,
    LAST,
    WHOLE_NAME,
    consented,
    from_details,
    mailbox,
    phone,
    with_others,
)
from data.export_kinds import ExportTool, ExportWanted

# How many rows a file may have, of those tools that say so.
MOST_ROWS = MappingProxyType(
    {ExportTool.SALESFORCE_LEADS: 50_000, ExportTool.SALESFORCE_CONTACTS: 50_000}
)
# What a lead must have and we don't know, in Salesforce's own words.
_UNKNOWN = "'[not provided]'"
_SOME_LAST = (
    f"left(coalesce(nullif({LAST}, ''), nullif({WHOLE_NAME}, ''), emails[1], {_UNKNOWN}), 79)"
)
_SOME_COMPANY = f"left(coalesce(nullif(trim(company), ''), {_UNKNOWN}), 254)"
_NOTES = with_others(
    f"list_concat(list_filter(emails, lambda one: one <> {BEST_EMAIL}), whatsapps[2:])"
)


def find_columns(wanted: ExportWanted) -> tuple[Column, ...]:
    """The columns of the file that is wanted, in their order."""
    if wanted.tool is None:
        return find_plain_columns(wanted)
    return (_OPTED_OUT if wanted.is_opted_out else _COLUMNS)[wanted.tool]


def _salesforce(company: str, phone_name: str, description: str) -> tuple[Column, ...]:
    return (
        from_details("First Name", f"left({BEFORE_LAST}, 39)"),
        from_details("Last Name", _SOME_LAST),
        from_details(company, _SOME_COMPANY),
        consented("Email", mailbox(BEST_EMAIL)),
        phone(phone_name, NOTHING),
        phone("Mobile Phone", "whatsapps[1]"),
        Column("Lead Source", "'Gatebook'"),
        from_details(description, f"left({_NOTES}, 31999)"),
        # Whoever did not consent is not to be written to either.
        consented("Email Opt Out", "if(consenting_emails[1] is null, '1', '0')"),
    )


_COLUMNS = {
    ExportTool.HUBSPOT: HUBSPOT,
    ExportTool.SALESFORCE_LEADS: _salesforce("Company", "Phone", "Description"),
    ExportTool.SALESFORCE_CONTACTS: _salesforce(
        "Account Name", "Business Phone", "Contact Description"
    ),
    ExportTool.MAILCHIMP: MAILCHIMP,
    ExportTool.BREVO: BREVO,
    ExportTool.GOOGLE_CONTACTS: GOOGLE_CONTACTS,
    ExportTool.OUTLOOK: OUTLOOK,
    ExportTool.WHATSAPP_INTERAKT: WHATSAPP_INTERAKT,
    ExportTool.WHATSAPP_MYOPERATOR: WHATSAPP_MYOPERATOR,
}
_OPTED_OUT = {
    ExportTool.HUBSPOT: HUBSPOT_OPTED_OUT,
    ExportTool.MAILCHIMP: MAILCHIMP_OPTED_OUT,
    ExportTool.BREVO: BREVO_OPTED_OUT,
    ExportTool.WHATSAPP_INTERAKT: INTERAKT_OPTED_OUT,
    ExportTool.WHATSAPP_MYOPERATOR: MYOPERATOR_OPTED_OUT,
}
