-- evaluation_signal: what each list shows of what is watched under payment by case, as 0, 1 or a score × 10^4
-- grain: one row per accepted list of the payment year and the year before
-- reads: evaluation_case, evaluation_group_mean, evaluation_return, policy_value, policy_band
-- rule:  病例信号 — docs/domain/evaluation.md#signals
--
-- A ratio to the mean of a group, cost ÷ (Σ cost / n), is compared as cost · n · 10^4 with limit4 · Σ cost.
WITH rule AS (
  SELECT
    max(CASE WHEN parameter = 'evaluation.short_stay_days' THEN scaled END) AS short_stay_days
    , max(CASE WHEN parameter = 'evaluation.low_standard_ratio' THEN scaled END) AS low_standard4
    , max(CASE WHEN parameter = 'evaluation.long_stay_ratio' THEN scaled END) AS long_stay4
    , max(CASE WHEN parameter = 'evaluation.insufficient_stay_ratio' THEN scaled END) AS insufficient4
    , max(CASE WHEN parameter = 'evaluation.readmission_score_days' THEN scaled END) AS score_days
    , max(CASE WHEN parameter = 'evaluation.readmission_score_same' THEN scaled END) AS score_same4
    , max(CASE WHEN parameter = 'evaluation.readmission_score_other' THEN scaled END) AS score_other4
    , max(CASE WHEN parameter = 'evaluation.low_risk_mortality' THEN scaled END) AS low_risk4
    , max(CASE WHEN parameter = 'evaluation.death_score_low_risk' THEN scaled END) AS death_low4
    , max(CASE WHEN parameter = 'evaluation.death_score_other' THEN scaled END) AS death_other4
  FROM policy_value
)
-- the bands with both their limits, so that one comparison finds the band
, band AS (
  SELECT
    parameter
    , value4
    , coalesce(lag(up_to4) OVER (PARTITION BY parameter ORDER BY band_no), -1) AS above4
    , coalesce(up_to4, 9223372036854775807) AS up_to4
  FROM policy_band
  WHERE parameter IN ('evaluation.low_standard_scores', 'evaluation.long_stay_scores')
)
-- scores depend on group, cost and days alone: the bounds of each group and band are made once
, cost_band AS (
  SELECT m.year, m.group_no, b.value4, b.above4 * m.cost_fen AS from_scaled, b.up_to4 * m.cost_fen AS to_scaled
  FROM evaluation_group_mean AS m
  CROSS JOIN band AS b
  WHERE b.parameter = 'evaluation.low_standard_scores' AND b.value4 > 0
)
, day_band AS (
  SELECT m.year, m.group_no, b.value4, b.above4 * m.days AS from_scaled, b.up_to4 * m.days AS to_scaled
  FROM evaluation_group_mean AS m
  CROSS JOIN band AS b
  WHERE b.parameter = 'evaluation.long_stay_scores' AND b.value4 > 0
)
, compared AS (
  SELECT
    c.list_no
    , c.year
    , c.group_no
    , c.length_of_stay
    , c.disposition
    , c.procedures
    , c.person
    , c.cost_fen * CAST(m.cases AS HUGEINT) * 10000 AS cost_scaled
    , c.length_of_stay * CAST(m.cases AS HUGEINT) * 10000 AS days_scaled
    , m.cost_fen AS group_cost_fen
    , m.days AS group_days
    , m.deaths
    , m.known_ends
    , q.same_disease_days
    , q.same_place_days
    , q.any_days
    , q.overlapped_setl_id
  FROM evaluation_case AS c
  LEFT JOIN evaluation_group_mean AS m ON m.year = c.year AND m.group_no = c.group_no
  LEFT JOIN evaluation_return AS q ON q.list_no = c.list_no
)
, low_score AS (
  SELECT c.list_no, max(b.value4) AS score4
  FROM compared AS c
  JOIN cost_band AS b ON b.year = c.year AND b.group_no = c.group_no
    AND c.cost_scaled >= b.from_scaled AND c.cost_scaled < b.to_scaled
  GROUP BY c.list_no
)
, long_score AS (
  SELECT c.list_no, max(b.value4) AS score4
  FROM compared AS c
  JOIN day_band AS b ON b.year = c.year AND b.group_no = c.group_no
    AND c.days_scaled > b.from_scaled AND c.days_scaled <= b.to_scaled
  GROUP BY c.list_no
)
SELECT
  c.list_no
  , CASE WHEN c.length_of_stay < r.short_stay_days THEN 1 ELSE 0 END AS short_stay
  , CASE WHEN c.length_of_stay < r.short_stay_days AND c.procedures = '' THEN 1 ELSE 0 END AS short_stay_without_procedure
  , CASE WHEN c.cost_scaled < r.low_standard4 * c.group_cost_fen THEN 1 ELSE 0 END AS low_standard
  , coalesce(l.score4, 0) AS low_standard_score4
  , CASE WHEN c.days_scaled > r.long_stay4 * c.group_days THEN 1 ELSE 0 END AS long_stay
  , coalesce(g.score4, 0) AS long_stay_score4
  , CASE WHEN c.days_scaled < r.insufficient4 * c.group_days THEN 1 ELSE 0 END AS insufficient_stay
  , CASE WHEN c.same_disease_days <= 14 THEN 1 ELSE 0 END AS readmission_14
  , CASE WHEN c.same_disease_days <= 15 THEN 1 ELSE 0 END AS readmission_15
  , CASE WHEN c.same_disease_days <= 30 THEN 1 ELSE 0 END AS readmission_30
  , CASE WHEN c.same_disease_days <= 31 THEN 1 ELSE 0 END AS readmission_31
  , CASE WHEN c.same_place_days <= 31 THEN 1 ELSE 0 END AS readmission_same_place_31
  , CASE WHEN c.same_disease_days <= r.score_days THEN r.score_same4
         WHEN c.any_days <= r.score_days THEN r.score_other4
         ELSE 0 END AS readmission_score4
  , CASE WHEN c.overlapped_setl_id IS NOT NULL THEN 1 ELSE 0 END AS overlap
  , CASE WHEN c.disposition = '5' THEN 1 ELSE 0 END AS death
  , CASE WHEN c.disposition = '5' AND c.group_no <> 0 AND c.deaths * 10000 < r.low_risk4 * c.known_ends
      THEN 1 ELSE 0 END AS low_risk_death
  , CASE WHEN c.disposition IS DISTINCT FROM '5' OR c.group_no = 0 THEN 0
         WHEN c.deaths * 10000 < r.low_risk4 * c.known_ends THEN r.death_low4
         ELSE r.death_other4 END AS death_score4
  , CASE WHEN c.disposition IN ('2', '3') THEN 1 ELSE 0 END AS transfer
FROM compared AS c
CROSS JOIN rule AS r
LEFT JOIN low_score AS l ON l.list_no = c.list_no
LEFT JOIN long_score AS g ON g.list_no = c.list_no
ORDER BY c.list_no
