"""The one list: how each kind of figure is computed, and why some are passed over."""

from collections.abc import Callable

from tests.oracles import losses, portfolios, predictions, signals, surveys, waits
from tests.oracles.given import Figures

KINDS: dict[str, Callable[[Figures], Figures]] = {
    "csat": surveys.csat_kind,
    "csat_ci": surveys.share_interval,
    "csat_mean": surveys.csat_mean,
    "nps": surveys.nps_kind,
    "nps_ci": surveys.nps_interval,
    "nps_change_test": surveys.nps_change,
    "proportion_change": surveys.share_change,
    "churn_rate": losses.churn_kind,
    "churn_rate_stripe": losses.churn_with_joiners,
    "churn_ci": surveys.share_interval,
    "churn_scaling": losses.churn_scaling,
    "retention_projection": losses.retention_projection,
    "gross_mrr_churn": portfolios.mrr_movement,
    "gross_mrr_churn_daily_sum": portfolios.mrr_daily_sum,
    "nrr_grr": portfolios.nrr_grr,
    "clv_formula": portfolios.clv_formula,
    "sales_growth_rate": portfolios.sales_growth_rate,
    "upsell_rate": portfolios.upsell_rate,
    "feedback_implementation_rate": portfolios.feedback_implementation_rate,
    "engagement_score_raw": portfolios.engagement_score_raw,
    "response_time_business": waits.response_time_business,
    "response_time_calendar": waits.response_time_calendar,
    "percentile": waits.percentile,
    "median_ci": waits.median_interval,
    "retention_curve": waits.retention_curve,
    "retention_curve_left_truncated": waits.retention_curve,
    "retention_curve_compare": waits.retention_curve_compare,
    "communication_frequency_ci": signals.rate_interval,
    "communication_frequency_change": signals.rate_change,
    "signal_xmr": signals.xmr,
    "signal_ewma": signals.ewma,
    "multiple_comparisons": signals.multiple_comparisons,
    "churn_risk_calibration": predictions.calibration,
    "churn_risk_ranking": predictions.ranking,
}

NOT_BUILT = {
    "clv_predictive": "lifetime value of clients without a contract is not offered",
    "clv_predictive_discrete": "lifetime value of clients without a contract is not offered",
    "churn_hazard_model": "a regression of churn on what is known of clients is not offered",
}
