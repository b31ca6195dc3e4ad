"""An analyst sees and exports, and changes nothing: every act of a member is called as one.

An act that is new in `gate/` fails here until it is refused to analysts, or named as theirs.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

import pytest

import gate
from data.database import Database
from data.records import Account, Member, Plan, Role
from gate.accounts import AccountChange
from gate.codes import Pepper
from gate.errors import NotPermitted
from gate.visits import Gate

NEVER_LOOKED_AT = object()
ANALYST = Member(2, "ann@example.com", "Ann", Role.ANALYST)

# What every member may do: with what is their own, or to look and download.
OWN_ACTS = {
    "gate.access_tokens.make_access_token",
    "gate.access_tokens.revoke_own_token",
    "gate.profile.change_own_name",
    "gate.profile.change_own_password",
    "gate.profile.end_other_sessions",
    "gate.profile.end_own_session",
    "gate.profile.find_own_sessions",
    "gate.profile.has_password",
    "gate.profile.renew_recovery_codes",
    "gate.profile.require_own_password",
    "gate.profile.turn_second_factor_off",
    "gate.saved_views.change_saved_view",
    "gate.saved_views.may_change_view",
    "gate.saved_views.remove_saved_view",
    "gate.saved_views.rename_saved_view",
    "gate.saved_views.save_view",
    "gate.second_factor.cancel_totp",
    "gate.second_factor.confirm_totp",
    "gate.second_factor.count_code",
    "gate.second_factor.start_totp",
    "gate.second_factor.totp_address",
}
# Parts of acts, which a transaction of theirs calls: nobody comes to them from a page.
PARTS = {
    "gate.members.begin_session",
    "gate.roles.require_owner_role",
    "gate.second_factor.has_second_factor",
    "gate.second_factor.spend_second_factor",
    "gate.second_factor.store_recovery_codes",
    "gate.sign_in.admit_member",
    "gate.trail.record_member_act",
}


def _takes_member(act: Callable[..., object]) -> bool:
    hints = get_type_hints(act)
    hints.pop("return", None)
    return any(
        hint is Member or (isinstance(hint, UnionType) and Member in get_args(hint))
        for hint in hints.values()
    )


def _find_acts() -> dict[str, Callable[..., object]]:
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(gate.__path__, "gate.")
        if not found.ispkg
    ]
    return {
        f"{module.__name__}.{name}": act
        for module in modules
        for name, act in inspect.getmembers(module, inspect.isfunction)
        if act.__module__ == module.__name__ and not name.startswith("_") and _takes_member(act)
    }


ACTS = _find_acts()


def test_the_acts_that_analysts_may_do_are_there() -> None:
    assert ACTS.keys() >= OWN_ACTS | PARTS
    assert len(ACTS) > len(OWN_ACTS | PARTS) + 10


@pytest.mark.parametrize("name", sorted(ACTS.keys() - OWN_ACTS - PARTS))
def test_every_other_act_is_refused_to_an_analyst_before_it_does_anything(
    db: Database, now: datetime, tmp_path: Path, name: str
) -> None:
    values: dict[Any, Any] = {
        Database: db,
        Gate: Gate(db, Pepper(b"p" * 32), {}),
        Member: ANALYST,
        datetime: now,
        Path: tmp_path,
        AccountChange: AccountChange("Eve's", Plan.FREE, "UTC"),
        Account: None,
        str: "eve@example.com",
        int: 1,
        Role: Role.OWNER,
    }
    act = ACTS[name]
    hints = get_type_hints(act)
    given = {
        each: values.get(hints[each], NEVER_LOOKED_AT)
        for each, parameter in inspect.signature(act).parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    before = _count_rows(db)
    with pytest.raises(NotPermitted):
        act(**given)
    assert _count_rows(db) == before
    assert list(tmp_path.glob("documents/*")) == []


def _count_rows(db: Database) -> dict[str, int]:
    tables = [row[0] for row in db.rows("select table_name from duckdb_tables()")]
    return {table: db.rows(f"select count(*) from {table}")[0][0] for table in tables}
