"""What each plan includes, asked of the one table."""

import pytest

from data.records import Plan
from gate.entitlements import (
    PLAN_FEATURES,
    Feature,
    is_entitled,
    require_feature,
)
from gate.errors import NotPermitted


@pytest.mark.parametrize("plan", Plan)
def test_every_plan_says_what_it_includes(plan: Plan) -> None:
    assert plan in PLAN_FEATURES


def test_only_business_exports() -> None:
    assert {plan for plan in Plan if is_entitled(plan, Feature.EXPORT_CSV)} == {Plan.BUSINESS}


def test_it_lets_a_plan_on_that_includes_the_feature() -> None:
    require_feature(Plan.BUSINESS, Feature.EXPORT_CSV)


@pytest.mark.parametrize("plan", [Plan.FREE, Plan.PRO])
def test_it_refuses_a_smaller_plan_and_says_what_was_asked_for(plan: Plan) -> None:
    with pytest.raises(NotPermitted) as refused:
        require_feature(plan, Feature.EXPORT_CSV)
    assert refused.value.feature == Feature.EXPORT_CSV


def test_nobody_can_widen_a_plan_while_the_program_runs() -> None:
    with pytest.raises(TypeError):
        PLAN_FEATURES[Plan.FREE] = frozenset(Feature)  # type: ignore[index]
