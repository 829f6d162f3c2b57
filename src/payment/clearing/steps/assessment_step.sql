-- assessment_step: amount × assessment coefficient, rounded to the fen
-- grain: one row per scheme, institution_no
-- reads: clearing_amount, institution_year, settlement_year, score_band, policy_value
-- rule:  考核 — docs/domain/clearing.md#assessment
--
-- factor8: the coefficient × 10^8
WITH of_year AS (
  SELECT x.scheme, x.institution_no, x.assessment_coefficient8
  FROM institution_year AS x
  CROSS JOIN settlement_year AS y
  WHERE x.year = y.payment_year
)
, chosen AS (
  SELECT
    max(CASE WHEN parameter = 'clearing.default_assessment' THEN scaled END) * 10000 AS default8
    , max(CASE WHEN parameter = 'clearing.assessment' THEN value END) AS assessment
  FROM policy_value
)
, assessed AS (
  SELECT
    a.scheme
    , a.institution_no
    , a.amount_fen AS before_fen
    , coalesce(
        CASE WHEN c.assessment = 'score-bands' THEN b.value4 * 10000 ELSE x.assessment_coefficient8 END, c.default8)
      AS coefficient8
  FROM clearing_amount AS a
  CROSS JOIN chosen AS c
  LEFT JOIN of_year AS x ON x.scheme = a.scheme AND x.institution_no = a.institution_no
  LEFT JOIN score_band AS b ON b.institution_no = a.institution_no AND b.parameter = 'clearing.assessment_bands'
)
SELECT
  scheme
  , institution_no
  , CAST(NULL AS VARCHAR) AS band
  , CAST(NULL AS HUGEINT) AS quantity_fen
  , coefficient8 AS factor8
  , round_divide(before_fen * coefficient8, CAST(100000000 AS HUGEINT)) AS amount_fen
FROM assessed
ORDER BY scheme, institution_no
