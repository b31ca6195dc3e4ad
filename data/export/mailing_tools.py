"""The columns of tools that write to people: HubSpot, Mailchimp, Brevo, WhatsApp providers.

They get those addresses only that consented, and apart from them those that opted out.
"""

from data.export.columns import NOTHING, Column, Source
from data.export.tool_cells import (
    consented,
    from_details,
    mailbox,
    name_parts,
    number_parts,
    phone,
)

# Tags are apart by commas, and have at most 100 characters each.
_TAG = "left(trim(replace(replace(one, ',', ' '), e'\\n', ' ')), 100)"
_NAME = from_details("Name", "name")

HUBSPOT = (
    consented("Email", mailbox("consenting_emails[1]")),
    *name_parts("First name", "Last name"),
    # What is empty changes nothing of a contact that is there already.
    phone("Phone number", NOTHING),
    consented("Mobile phone number", "consenting_whatsapps[1]", is_phone=True),
    from_details("Company name", "company"),
    Column("Lifecycle stage", NOTHING),
    Column("Contact owner", NOTHING),
)
# No other than ASCII before the @: the gate takes no such address.
MAILCHIMP = (
    consented("Email Address", mailbox("consenting_emails[1]")),
    *name_parts("First Name", "Last Name"),
    consented("Phone Number", "consenting_whatsapps[1]", is_phone=True),
    Column(
        "Tags",
        f"array_to_string(list_transform(tags, lambda one: {_TAG}), ',')",
        needs=Source.TAGS,
    ),
)
BREVO = (
    consented("EMAIL", mailbox("consenting_emails[1]")),
    *name_parts("FIRSTNAME", "LASTNAME"),
    # Nobody was asked whether they want to be texted.
    phone("SMS", NOTHING),
    consented("WHATSAPP", "consenting_whatsapps[1]", is_phone=True),
    Column("EXT_ID", "cast(contact_id as varchar)"),
)
WHATSAPP_INTERAKT = (
    _NAME,
    *number_parts("consenting_whatsapps[1]"),
    consented("Email", mailbox("consenting_emails[1]")),
    Column("WhatsApp Opted", "'TRUE'"),
)
WHATSAPP_MYOPERATOR = (_NAME, consented("Phone", "consenting_whatsapps[1]", is_phone=True))

# A row of these is an address of its own.
HUBSPOT_OPTED_OUT = (Column("Email", mailbox("identifier")),)
MAILCHIMP_OPTED_OUT = (Column("Email Address", mailbox("identifier")),)
BREVO_OPTED_OUT = (
    Column("EMAIL", f"if(type = 'email', {mailbox('identifier')}, '')"),
    phone("WHATSAPP", "if(type = 'whatsapp', identifier, '')"),
)
INTERAKT_OPTED_OUT = (
    _NAME,
    *number_parts("identifier"),
    Column("Email", NOTHING),
    Column("WhatsApp Opted", "'FALSE'"),
)
MYOPERATOR_OPTED_OUT = (_NAME, phone("Phone", "identifier"))
