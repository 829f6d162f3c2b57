-- evaluation_signal: what each list shows of what is watched under payment by case, as 0, 1 or a score × 10^4
-- grain: one row per accepted list of the payment year and the year before
-- reads: evaluation_case, evaluation_group_mean, evaluation_return, policy_value, policy_band
-- rule:  病例信号 — docs/domain/evaluation.md#signals
--
-- A ratio to the mean of a group is cost ÷ (Σ cost / n) = cost · n ÷ Σ cost, never rounded before it is compared.
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
, compared AS (
  SELECT
    c.list_no
    , c.group_no
    , c.length_of_stay
    , c.disposition
    , c.procedures
    , c.cost_fen * CAST(m.cases AS HUGEINT) AS cost_scaled
    , c.length_of_stay * CAST(m.cases AS HUGEINT) AS days_scaled
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
, placed AS (
  SELECT
    *
    -- a limit is a whole number of 10^-4: x < limit when ⌊x⌋ < limit, x > limit when ⌈x⌉ > limit
    , (cost_scaled * 10000) // group_cost_fen AS cost_floor4
    , (days_scaled * 10000) // group_days AS days_floor4
    , (days_scaled * 10000 + group_days - 1) // group_days AS days_ceiling4
  FROM compared
)
-- scores depend on the ratio alone: each is looked up once
, low_score AS (
  SELECT d.cost_floor4, b.value4
  FROM (SELECT DISTINCT cost_floor4 FROM placed WHERE cost_floor4 IS NOT NULL) AS d
  JOIN band AS b ON b.parameter = 'evaluation.low_standard_scores'
    AND d.cost_floor4 >= b.above4 AND d.cost_floor4 < b.up_to4
)
, long_score AS (
  SELECT d.days_ceiling4, b.value4
  FROM (SELECT DISTINCT days_ceiling4 FROM placed WHERE days_ceiling4 IS NOT NULL) AS d
  JOIN band AS b ON b.parameter = 'evaluation.long_stay_scores'
    AND d.days_ceiling4 > b.above4 AND d.days_ceiling4 <= b.up_to4
)
SELECT
  c.list_no
  , CASE WHEN c.length_of_stay < r.short_stay_days THEN 1 ELSE 0 END AS short_stay
  , CASE WHEN c.length_of_stay < r.short_stay_days AND c.procedures = '' THEN 1 ELSE 0 END AS short_stay_without_procedure
  , CASE WHEN c.cost_floor4 < r.low_standard4 THEN 1 ELSE 0 END AS low_standard
  , coalesce(l.value4, 0) AS low_standard_score4
  , CASE WHEN c.days_ceiling4 > r.long_stay4 THEN 1 ELSE 0 END AS long_stay
  , coalesce(g.value4, 0) AS long_stay_score4
  , CASE WHEN c.days_floor4 < r.insufficient4 THEN 1 ELSE 0 END AS insufficient_stay
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
  -- cost and days over the mean of the group, × 10^12, rounded: 0 for an ungrouped list
  , coalesce(round_divide(c.cost_scaled * 1000000000000, c.group_cost_fen), 0) AS cost_index12
  , coalesce(round_divide(c.days_scaled * 1000000000000, c.group_days), 0) AS time_index12
FROM placed AS c
CROSS JOIN rule AS r
LEFT JOIN low_score AS l ON l.cost_floor4 = c.cost_floor4
LEFT JOIN long_score AS g ON g.days_ceiling4 = c.days_ceiling4
ORDER BY c.list_no
