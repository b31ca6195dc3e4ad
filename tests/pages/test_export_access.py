"""Downloads by scripts: a token opens what its member may have, and every refusal is JSON."""

import csv
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from data.accounts import update_account
from data.database import Database
from data.records import Member, Plan
from gate.access_tokens import MadeToken, make_access_token, revoke_own_token
from gate.membership import remove_member
from pages.routes.export_access import script_routes
from pages.routes.script_words import FILE_WORDS
from pages.ui.runtime import Runtime, set_runtime
from pages.ui.unread_words import FILTER_WORDS
from tests.gate.members_at_work import join
from tests.pages.asking_routes import Answer, ask_route
from tests.pages.scripts import PATH, ask, exports_made

Printed = pytest.CaptureFixture[str]


def problem_of(answer: Answer) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "private, no-store"
    told = json.loads(answer.body)
    assert told["status"] == answer.status
    assert told["type"].endswith(f"/export/openapi.json#/components/examples/{told['code']}")
    assert told["detail"].endswith(".")
    return dict(told)


def identifiers(answer: Answer) -> list[str]:
    assert answer.status == 200
    return [row["identifier"] for row in csv.DictReader(answer.text.splitlines())]


def test_a_script_gets_what_the_page_shows_for_the_same_words(made: MadeToken) -> None:
    assert identifiers(ask(made.text)) == ["+447700900123", "ada@example.com", "carol@example.com"]
    found = ask(made.text, f"{PATH}?type=whatsapp&page=9&columns=name")
    assert identifiers(found) == ["+447700900123", "+447700900001"]


@pytest.mark.parametrize("extension", ["csv", "jsonl", "parquet", "xlsx", "vcf"])
def test_each_format_comes_with_its_type_and_its_name(made: MadeToken, extension: str) -> None:
    answer = ask(made.text, f"/export/contacts.{extension}")
    assert answer.status == 200
    assert f'2026-03-18.{extension}"' in answer.headers["content-disposition"]
    assert answer.headers["x-row-count"] == "3"


def test_the_trail_names_the_token_and_who_it_is_of(
    made: MadeToken, owner: Member, db: Database
) -> None:
    ask(made.text)
    assert exports_made(db)[0]["token_id"] == made.token.access_token_id
    rows = db.rows("select actor_id from audit where event = 'export_made'")
    assert rows == [(owner.member_id,)]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?typ=email", "No filter is called typ."),
        ("?view=1", "A saved view is not read here"),
        ("?type=email,fax", "type=email,fax"),
        ("?link=999", "link=999"),
        ("?period=soon", "period=soon"),
        ("?from=31.12.2026", "from=31.12.2026"),
        ("?verified=maybe", "verified=maybe"),
        ("?fields=email,salary", "fields=email,salary"),
        ("?rows=people", "rows=people"),
        ("?tool=excel", "tool=excel"),
        ("?sort=size", "sort=size"),
        ("?q=ada&q=bob", "q=ada,bob"),
        ("?as=xlsx", "as=xlsx"),
        ("?as=vcard4", "as=vcard4"),
        ("?as=csv&as=excel", "as=csv,excel"),
        ("?period=custom", "period=custom without from or to"),
        ("?period=custom&from=2026-02-30", "from=2026-02-30"),
    ],
)
def test_a_word_that_would_be_passed_over_is_refused(
    made: MadeToken, db: Database, query: str, told: str
) -> None:
    found = problem_of(ask(made.text, PATH + query))
    assert (found["status"], found["code"]) == (400, "filter_not_read")
    assert told in found["detail"]
    assert exports_made(db) == []


@pytest.mark.parametrize(
    "query",
    [
        "?type=email,whatsapp&verified=yes&period=all&sort=last_accessed&dir=desc&archived=no",
        "?period=custom&from=2026-01-01&to=2026-03-01&min=0&max=9&quiet=30&consent=none",
        "?domain=@Example.com&company=Acme,%20Inc.&tag=vip&tag=new&country=gb,IN&q=ada",
        "?seen_from=2026-01-01&seen_to=2026-03-01&fields=whatsapp,email&rows=contacts&as=excel",
        "?tool=mailchimp&people=opted_out&type=email,",
        "?period=custom&to=2026-03-01&as=CSV",
        "?min=9&max=0&from=2026-03-01&to=2026-01-01",
    ],
)
def test_every_word_that_means_something_is_taken(made: MadeToken, query: str) -> None:
    answer = ask(made.text, PATH + query)
    assert answer.status == 200, answer.text


@pytest.mark.parametrize("given", ["", "%20", "email&{name}="])
def test_a_word_with_nothing_after_it_is_refused(made: MadeToken, db: Database, given: str) -> None:
    for name in (*FILTER_WORDS, *FILE_WORDS):
        found = problem_of(ask(made.text, f"{PATH}?{name}={given.format(name=name)}"))
        assert (found["status"], found["code"]) == (400, "filter_not_read")
        assert f"Nothing stands after {name}=." in found["detail"]
    assert exports_made(db) == []


def test_a_list_of_commas_is_empty_and_a_search_for_one_is_not(made: MadeToken) -> None:
    assert problem_of(ask(made.text, f"{PATH}?link=,"))["status"] == 400
    assert ask(made.text, f"{PATH}?q=,").status == 200


def test_an_unknown_file_is_no_page(made: MadeToken) -> None:
    found = problem_of(ask(made.text, "/export/contacts.pdf"))
    assert (found["status"], found["code"]) == (404, "file_unknown")
    assert "contacts.csv" in found["detail"]


def test_each_way_that_a_token_is_wrong_has_a_problem_of_its_own(
    made: MadeToken, runtime: Runtime, owner: Member, now: datetime
) -> None:
    db = runtime.db
    ann, _ = join(db, "ann@example.com", now)
    anns = make_access_token(db, "Hers", 30, ann, now)
    remove_member(db, ann.member_id, owner, now)
    revoked = make_access_token(db, "Old", 30, owner, now)
    revoke_own_token(db, revoked.token.access_token_id, owner, now)
    found = [problem_of(ask(text)) for text in ("guess", made.text[:-1] + "!", revoked.text)]
    found += [problem_of(ask("gatebook_" + "x" * 43)), problem_of(ask(anns.text))]
    set_runtime(replace(runtime, clock=lambda: now + timedelta(days=30)))
    found.append(problem_of(ask(made.text)))
    assert [(one["status"], one["code"]) for one in found] == [
        (401, "token_malformed"),
        (401, "token_unknown"),
        (401, "token_revoked"),
        (401, "token_unknown"),
        (401, "member_removed"),
        (401, "token_expired"),
    ]
    assert exports_made(db) == []


def test_who_is_refused_is_told_how_to_ask(made: MadeToken) -> None:
    answer = ask("guess")
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert "example.com" not in answer.text


@pytest.mark.parametrize("plan", [Plan.FREE, Plan.PRO])
def test_a_smaller_plan_is_told_what_to_do(made: MadeToken, db: Database, plan: Plan) -> None:
    with db.transaction() as tx:
        update_account(tx, name="Northwind", plan=plan, time_zone="UTC")
    found = problem_of(ask(made.text))
    assert (found["status"], found["code"]) == (403, "plan_without_tokens")
    assert "Business plan" in found["detail"]


def test_who_guesses_on_is_told_to_wait(made: MadeToken, runtime: Runtime) -> None:
    for _ in range(60):
        ask("gatebook_" + "x" * 43)
    answer = ask("gatebook_" + "x" * 43)
    assert (answer.status, problem_of(answer)["code"]) == (429, "too_many_tries")
    assert answer.headers["retry-after"] == "601"
    assert ask(made.text).status == 200


def test_without_a_token_it_is_the_browsers_route(made: MadeToken, runtime: Runtime) -> None:
    basic = {"Authorization": "Basic b3duZXI6b3duZXI="}
    for headers in ({}, basic):
        answer = ask_route(Starlette(routes=script_routes), PATH, headers=headers)
        assert answer.status == 401
        assert "Sign in" in answer.text


def test_what_a_token_says_is_in_no_log_and_not_in_the_file(
    made: MadeToken,
    runtime: Runtime,
    owner: Member,
    now: datetime,
    capfd: Printed,
) -> None:
    ask(made.text)
    ask(made.text, f"{PATH}?typ=email")
    revoke_own_token(runtime.db, made.token.access_token_id, owner, now)
    ask(made.text)
    ask("gatebook_" + made.text[9:][::-1])
    runtime.db.checkpoint()
    written = [path for path in runtime.settings.home.rglob("*") if path.is_file()]
    secret = made.text.removeprefix("gatebook_").encode()
    assert runtime.db.path in written
    assert [path for path in written if secret in path.read_bytes()] == []
    assert secret.decode() not in "".join(capfd.readouterr())
