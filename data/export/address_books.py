"""The columns of address books: Google Contacts and Outlook. Everybody's consent is not theirs."""

from data.export.columns import Column, Source
from data.export.tool_cells import (
    FIRST,
    LAST,
    fill_header,
    from_details,
    mailbox,
    mailboxes,
    phone,
    with_others,
)

_GOOGLE_HEADER = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,"
    "Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,"
    "Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value"
)
_OUTLOOK_HEADER = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,"
    "Business Street 2,Business Street 3,Business City,Business State,Business Postal Code,"
    "Business Country/Region,Home Street,Home Street 2,Home Street 3,Home City,Home State,"
    "Home Postal Code,Home Country/Region,Other Street,Other Street 2,Other Street 3,Other City,"
    "Other State,Other Postal Code,Other Country/Region,Assistant's Phone,Business Fax,"
    "Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,"
    "Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,"
    "TTY/TDD Phone,Telex,Account,Anniversary,Assistant's Name,Billing Information,Birthday,"
    "Business Address PO Box,Categories,Children,Directory Server,E-mail Address,E-mail Type,"
    "E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,E-mail 3 Address,"
    "E-mail 3 Type,E-mail 3 Display Name,Gender,Government ID Number,Hobby,Home Address PO Box,"
    "Initials,Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,"
    "Office Location,Organizational ID Number,Other Address PO Box,Priority,Private,Profession,"
    "Referred By,Sensitivity,Spouse,User 1,User 2,User 3,User 4,Web Page"
)
_LABELS = (
    "array_to_string(list_concat(['* myContacts', 'Gatebook'],"
    " list_transform(tags, lambda one: replace(one, ':::', ' '))), ' ::: ')"
)
_NAMES = (from_details("First Name", FIRST), from_details("Last Name", LAST))

GOOGLE_CONTACTS = fill_header(
    _GOOGLE_HEADER,
    (
        *_NAMES,
        from_details("Organization Name", "company"),
        # Several numbers in one cell would have to be guarded, which breaks the first.
        from_details("Notes", with_others("whatsapps[2:]")),
        Column("Labels", _LABELS, needs=Source.TAGS),
        Column("E-mail 1 - Label", "if(len(emails) > 0, 'Other', '')"),
        Column("E-mail 1 - Value", f"array_to_string({mailboxes('emails')}, ' ::: ')"),
        Column("Phone 1 - Label", "if(len(whatsapps) > 0, 'Mobile', '')"),
        phone("Phone 1 - Value", "whatsapps[1]"),
    ),
)
OUTLOOK = fill_header(
    _OUTLOOK_HEADER,
    (
        *_NAMES,
        from_details("Company", "company"),
        phone("Mobile Phone", "whatsapps[1]"),
        phone("Other Phone", "whatsapps[2]"),
        Column(
            "Categories",
            "array_to_string(list_transform(tags, lambda one: replace(one, ';', ',')), ';')",
            needs=Source.TAGS,
        ),
        *(
            Column(f"E-mail{nth} {name}", sql)
            for nth, place in (("", 1), (" 2", 2), (" 3", 3))
            for name, sql in (
                ("Address", mailbox(f"emails[{place}]")),
                ("Type", f"if(len(emails) >= {place}, 'SMTP', '')"),
            )
        ),
        from_details("Notes", with_others("list_concat(emails[4:], whatsapps[3:])")),
    ),
)
