"""What the account's plans give, in words."""

from data.records import Plan
from gate.entitlements import Feature, is_entitled

FEATURE_WORDS = {
    Feature.EXPORT_CSV: "contacts as a download",
    Feature.ACCESS_TOKENS: "access tokens for scripts",
    Feature.WEBHOOKS: "webhooks",
}
_EXPORT = {True: "contacts on screen and as a download", False: "contacts on screen, no download"}


def plan_words(plan: Plan) -> str:
    """A plan and what it gives."""
    return f"{plan.capitalize()}: {_EXPORT[is_entitled(plan, Feature.EXPORT_CSV)]}"
