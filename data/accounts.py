"""The account of this installation as stored: exactly one row, made at the first start."""

from data.database import DatabaseError, Reader, Transaction
from data.engine.steady import steady
from data.records import Account, Plan

_ACCOUNT_ID = 1


class AccountMissing(DatabaseError):
    """The database has no account yet; starting Gatebook once makes it."""


def has_account(reader: Reader) -> bool:
    """Whether the account has been made."""
    return reader.row("select 1 from account") is not None


def get_account(reader: Reader) -> Account:
    """The account.

    Raises:
        AccountMissing: there is none yet.
    """
    row = reader.row(
        steady("""
        select
            name,
            plan,
            time_zone,
            created_at
        from account
        order by account_id
        limit 1
        """)
    )
    if row is None:
        raise AccountMissing("This database has no account. Start Gatebook once with ./run.")
    return Account(row[0], Plan(row[1]), row[2], row[3])


def insert_account(tx: Transaction, account: Account) -> None:
    """Make the account; there must be none yet."""
    tx.run(
        """
        insert into account
        values (
            $account_id,
            $name,
            $plan,
            $time_zone,
            $created_at
        )
        """,
        account_id=_ACCOUNT_ID,
        name=account.name,
        plan=account.plan,
        time_zone=account.time_zone,
        created_at=account.created_at,
    )


def update_account(tx: Transaction, *, name: str, plan: Plan, time_zone: str) -> None:
    """Give the account another name, plan and IANA time zone."""
    tx.run(
        """
        update account
        set
            name = $name,
            plan = $plan,
            time_zone = $time_zone
        """,
        name=name,
        plan=plan,
        time_zone=time_zone,
    )
