"""What each plan includes: one table, asked wherever a feature is carried out."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from data.records import Plan
from gate.errors import NotPermitted


class Feature(StrEnum):
    """What a plan may or may not include."""

    EXPORT_CSV = "export_csv"
    ACCESS_TOKENS = "access_tokens"
    WEBHOOKS = "webhooks"


PLAN_FEATURES: Mapping[Plan, frozenset[Feature]] = MappingProxyType(
    {
        Plan.FREE: frozenset(),
        Plan.PRO: frozenset(),
        Plan.BUSINESS: frozenset({Feature.EXPORT_CSV, Feature.ACCESS_TOKENS, Feature.WEBHOOKS}),
    }
)


def is_entitled(plan: Plan, feature: Feature) -> bool:
    """Whether the plan includes the feature."""
    return feature in PLAN_FEATURES[plan]


def require_feature(plan: Plan, feature: Feature) -> None:
    """Let a plan on that includes the feature.

    Raises:
        NotPermitted: the plan does not; it carries `feature`.
    """
    if not is_entitled(plan, feature):
        raise NotPermitted(feature)
