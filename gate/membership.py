"""Who is a member, and as what: an owner's acts."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from data.audit import AuditEvent
from data.database import Database, Transaction
from data.invitations import (
    Invitation,
    find_open_invitations,
    insert_invitation,
    withdraw_invitation_of,
)
from data.member_sessions import close_sessions_elsewhere
from data.members import find_members, get_live_member, revoke_member, update_member_role
from data.records import Member, Role
from data.saved_views import delete_personal_views
from data.second_factors import delete_second_factor
from data.sign_ins import end_sign_ins_of
from gate.codes import make_secret, secret_hash
from gate.desk_errors import MemberFault, MemberRefused
from gate.errors import InvalidIdentifier
from gate.identifiers import parse_email
from gate.limits import INVITATION_LIFE
from gate.member_passwords import email_key
from gate.roles import require_owner_role
from gate.trail import record_member_act

INVITATION_PATH = "/join/"


@dataclass(frozen=True, slots=True)
class MadeInvitation:
    """A new invitation, and the token of its link: nobody can be told it later."""

    invitation: Invitation
    token: str = field(repr=False)


def invite_member(
    db: Database, email: str, role: Role, member: Member, now: datetime
) -> MadeInvitation:
    """A link by which whoever has it becomes a member; one of before for this email is withdrawn.

    Raises:
        NotPermitted: the member is no owner.
        MemberRefused: this is no email address, or a member's already.
    """
    require_owner_role(member, "member")
    try:
        address = parse_email(email).address
    except InvalidIdentifier as refusal:
        raise MemberRefused(MemberFault.EMAIL_MALFORMED) from refusal
    key = email_key(address)
    made = None
    with db.transaction() as tx:
        if all(email_key(one.email) != key for one in find_members(tx)):
            _withdraw_all(tx, now, lambda one: email_key(one.email) == key)
            wanted = Invitation(0, None, address, role, now, now + INVITATION_LIFE)
            made = _insert_member_link(tx, wanted, AuditEvent.MEMBER_INVITED, member, now)
    if made is None:
        raise MemberRefused(MemberFault.EMAIL_TAKEN)
    return made


def make_password_link(
    db: Database, member_id: int, member: Member, now: datetime
) -> MadeInvitation:
    """A link by which a member who forgot their password sets another one.

    Raises:
        NotPermitted: the member who asks is no owner.
        MemberRefused: the other is no member any more.
    """
    require_owner_role(member, "member")
    made = None
    with db.transaction() as tx:
        found = get_live_member(tx, member_id)
        if found is not None:
            _withdraw_all(tx, now, lambda one: one.member_id == member_id)
            wanted = Invitation(0, member_id, found.email, found.role, now, now + INVITATION_LIFE)
            made = _insert_member_link(tx, wanted, AuditEvent.PASSWORD_LINK_MADE, member, now)
    if made is None:
        raise MemberRefused(MemberFault.GONE)
    return made


def withdraw_invitation(db: Database, invitation_id: int, member: Member, now: datetime) -> None:
    """Let nobody in by this invitation any more.

    Raises:
        NotPermitted: the member is no owner.
        MemberRefused: it was used, withdrawn or too old already.
    """
    require_owner_role(member, "member")
    with db.transaction() as tx:
        withdrawn = withdraw_invitation_of(tx, invitation_id, now)
        if withdrawn is not None:
            _record_on_member(
                tx, AuditEvent.INVITATION_WITHDRAWN, member, now, f"invitation {invitation_id}"
            )
    if withdrawn is None:
        raise MemberRefused(MemberFault.GONE)


def change_role(db: Database, member_id: int, role: Role, member: Member, now: datetime) -> None:
    """Give a member another role, sign them out everywhere, and withdraw the links they made.

    Raises:
        NotPermitted: the member who asks is no owner.
        MemberRefused: the other is no member any more, or the last owner.
    """
    require_owner_role(member, "member")
    with db.transaction() as tx:
        fault = _find_member_fault(tx, member_id, is_owner_after=role is Role.OWNER)
        found = get_live_member(tx, member_id)
        if fault is None and found is not None and found.role is not role:
            update_member_role(tx, member_id, role)
            _sign_out_everywhere(tx, member_id, now)
            _withdraw_all(tx, now, lambda one: one.invited_by == member_id)
            _record_on_member(
                tx, AuditEvent.MEMBER_CHANGED, member, now, f"member {member_id} is {role}"
            )
    if fault is not None:
        raise MemberRefused(fault)


def remove_member(db: Database, member_id: int, member: Member, now: datetime) -> None:
    """End a membership: their browsers show nothing from now on, the links they made let nobody in.

    Raises:
        NotPermitted: the member who asks is no owner.
        MemberRefused: the other is no member any more, or the last owner.
    """
    require_owner_role(member, "member")
    with db.transaction() as tx:
        fault = _find_member_fault(tx, member_id, is_owner_after=False)
        if fault is None:
            revoke_member(tx, member_id, now)
            delete_second_factor(tx, member_id)
            delete_personal_views(tx, member_id)
            _sign_out_everywhere(tx, member_id, now)
            # A link that they made would bring them back, or take over whom it is for.
            _withdraw_all(tx, now, lambda one: member_id in (one.member_id, one.invited_by))
            _record_on_member(tx, AuditEvent.MEMBER_REMOVED, member, now, f"member {member_id}")
    if fault is not None:
        raise MemberRefused(fault)


def reset_second_factor(db: Database, member_id: int, member: Member, now: datetime) -> None:
    """Ask a member who lost their app for their password only.

    Raises:
        NotPermitted: the member who asks is no owner.
        MemberRefused: the other is no member any more.
    """
    require_owner_role(member, "member")
    with db.transaction() as tx:
        found = get_live_member(tx, member_id)
        if found is not None:
            delete_second_factor(tx, member_id)
            end_sign_ins_of(tx, member_id, now)
            _record_on_member(tx, AuditEvent.SECOND_FACTOR_OFF, member, now, f"member {member_id}")
    if found is None:
        raise MemberRefused(MemberFault.GONE)


def _find_member_fault(
    tx: Transaction, member_id: int, *, is_owner_after: bool
) -> MemberFault | None:
    members = find_members(tx)
    owners = {one.member_id for one in members if one.role is Role.OWNER}
    if all(one.member_id != member_id for one in members):
        return MemberFault.GONE
    if owners == {member_id} and not is_owner_after:
        return MemberFault.LAST_OWNER
    return None


def _insert_member_link(
    tx: Transaction, wanted: Invitation, event: AuditEvent, member: Member, now: datetime
) -> MadeInvitation:
    token = make_secret()
    wanted = replace(wanted, invited_by=member.member_id)
    made = insert_invitation(tx, wanted, token_hash=secret_hash(token))
    detail = f"invitation {made.invitation_id}, {made.role}"
    if made.member_id is not None:
        detail = f"invitation {made.invitation_id}, member {made.member_id}"
    _record_on_member(tx, event, member, now, detail)
    return MadeInvitation(made, token)


def _withdraw_all(tx: Transaction, now: datetime, is_meant: Callable[[Invitation], bool]) -> None:
    for one in find_open_invitations(tx, now):
        if is_meant(one):
            withdraw_invitation_of(tx, one.invitation_id, now)


def _sign_out_everywhere(tx: Transaction, member_id: int, now: datetime) -> None:
    close_sessions_elsewhere(tx, member_id, kept_browser_id=None, now=now)
    end_sign_ins_of(tx, member_id, now)


def _record_on_member(
    tx: Transaction, event: AuditEvent, member: Member, now: datetime, detail: str
) -> None:
    record_member_act(tx, event, member, now, detail=detail)
