-- signal_result: the lists of the payment year that show something to look at, one row for each sign; none is a finding
-- grain: one row per setl_id, signal
-- reads: evaluation_case, evaluation_signal, evaluation_group_mean, evaluation_return, group_score, institution,
--        settlement_year, policy_value
-- rule:  病例信号 — docs/domain/evaluation.md#signals
--
-- value4 and limit4 are × 10^4: a ratio to the mean of the group, or days.
WITH rule AS (
  SELECT
    max(CASE WHEN parameter = 'evaluation.short_stay_days' THEN scaled END) * 10000 AS short_stay4
    , max(CASE WHEN parameter = 'evaluation.low_standard_ratio' THEN scaled END) AS low_standard4
    , max(CASE WHEN parameter = 'evaluation.long_stay_ratio' THEN scaled END) AS long_stay4
    , max(CASE WHEN parameter = 'evaluation.insufficient_stay_ratio' THEN scaled END) AS insufficient4
    , max(CASE WHEN parameter = 'evaluation.low_risk_mortality' THEN scaled END) AS low_risk4
  FROM policy_value
)
, seen AS (
  SELECT
    c.setl_id
    , i.fixmedins_code
    , CAST(c.scheme AS VARCHAR) AS insutype
    , CAST(y.payment_year AS VARCHAR) || '-' || lpad(CAST(c.month AS VARCHAR), 2, '0') AS month
    , g.group_code
    , s.*
    , round_divide(c.cost_fen * CAST(m.cases AS HUGEINT) * 10000, m.cost_fen) AS cost_ratio4
    , round_divide(c.length_of_stay * CAST(m.cases AS HUGEINT) * 10000, m.days) AS days_ratio4
    , CAST(c.length_of_stay AS HUGEINT) * 10000 AS days4
    , CASE WHEN m.known_ends > 0 THEN round_divide(m.deaths * CAST(10000 AS HUGEINT), m.known_ends) END AS mortality4
    , CAST(q.same_disease_days AS HUGEINT) * 10000 AS returned4
    , q.earlier_setl_id
    , q.overlapped_setl_id
    , r.*
  FROM evaluation_case AS c
  CROSS JOIN settlement_year AS y
  CROSS JOIN rule AS r
  JOIN evaluation_signal AS s ON s.list_no = c.list_no
  JOIN institution AS i ON i.institution_no = c.institution_no
  LEFT JOIN evaluation_group_mean AS m ON m.year = c.year AND m.group_no = c.group_no
  LEFT JOIN group_score AS g ON g.group_no = c.group_no
  LEFT JOIN evaluation_return AS q ON q.list_no = c.list_no
  WHERE c.year = y.payment_year
)
, shown AS (
  SELECT setl_id, fixmedins_code, insutype, month, group_code, 'low-standard' AS signal, cost_ratio4 AS value4
    , low_standard4 AS limit4, NULL AS reference FROM seen WHERE low_standard = 1
  UNION ALL
  SELECT setl_id, fixmedins_code, insutype, month, group_code, 'short-stay-without-procedure', days4, short_stay4, NULL
  FROM seen WHERE short_stay_without_procedure = 1
  UNION ALL
  SELECT setl_id, fixmedins_code, insutype, month, group_code, 'long-stay', days_ratio4, long_stay4, NULL
  FROM seen WHERE long_stay = 1
  UNION ALL
  SELECT setl_id, fixmedins_code, insutype, month, group_code, 'insufficient-stay', days_ratio4, insufficient4, NULL
  FROM seen WHERE insufficient_stay = 1
  UNION ALL
  SELECT setl_id, fixmedins_code, insutype, month, group_code, 'readmission', returned4, 310000, earlier_setl_id
  FROM seen WHERE readmission_31 = 1
  UNION ALL
  SELECT setl_id, fixmedins_code, insutype, month, group_code, 'overlap', NULL, NULL, overlapped_setl_id
  FROM seen WHERE overlap = 1
  UNION ALL
  SELECT setl_id, fixmedins_code, insutype, month, group_code, 'low-risk-death', mortality4, low_risk4, NULL
  FROM seen WHERE low_risk_death = 1
)
SELECT
  setl_id, fixmedins_code, insutype, month, group_code, signal
  , CAST(value4 AS HUGEINT) AS value4
  , CAST(limit4 AS HUGEINT) AS limit4
  , reference
FROM shown
ORDER BY setl_id, signal
