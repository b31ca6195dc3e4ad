"""What a member's role allows: an owner everything, an analyst to see and export."""

from data.records import Member, Role
from gate.errors import NotPermitted


def require_owner_role(member: Member, feature: str) -> None:
    """Let an owner on.

    Raises:
        NotPermitted: anyone else; it carries `feature`.
    """
    if member.role is not Role.OWNER:
        raise NotPermitted(feature)
