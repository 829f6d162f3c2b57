-- adjusted_bed_day: bed-day cases get days × the standard of their class
-- grain: one row per setl_id
-- reads: case_score, signature, case_fact, institution, bed_day, amount_point_value, policy_value
-- rule:  床日病例 — docs/domain/drg-payment.md#bed-day
--
-- Of the rows of bed_days.csv that fit, the one for the institution goes first, then the longer start of the diagnosis,
-- then the one for the level, then the longer minimum stay.
WITH fitting AS (
  SELECT
    c.setl_id
    , c.scheme
    , c.cost_fen
    , f.length_of_stay
    , b.class
    , b.points4_per_day
    , b.fen_per_day
    , row_number() OVER (
        PARTITION BY c.setl_id
        ORDER BY CASE WHEN b.fixmedins_code IS NULL THEN 1 ELSE 0 END
          , length(b.diagnosis_start) DESC
          , CASE WHEN b.level IS NULL THEN 1 ELSE 0 END
          , b.minimum_stay DESC
          , b.row_no
      ) AS place
  FROM case_score AS c
  JOIN signature AS s ON s.signature_no = c.signature_no
  JOIN case_fact AS f ON f.setl_id = c.setl_id
  JOIN institution AS i ON i.institution_no = c.institution_no
  JOIN bed_day AS b
    ON starts_with(s.diagnosis, b.diagnosis_start)
    AND (b.level IS NULL OR b.level = i.level)
    AND (b.fixmedins_code IS NULL OR b.fixmedins_code = i.fixmedins_code)
    AND f.length_of_stay >= b.minimum_stay
)
, standard AS (
  SELECT
    x.setl_id
    , x.class
    , x.length_of_stay
    , CASE WHEN p.value = 'at-most-cost' THEN least(x.length_of_stay * x.fen_per_day, x.cost_fen)
           ELSE x.length_of_stay * x.fen_per_day END AS amount_fen
    , x.length_of_stay * x.points4_per_day AS points4
    , CASE WHEN p.value = 'at-most-cost'
        THEN round_divide(CAST(x.cost_fen AS HUGEINT) * 10000000000, CAST(v.point_value8 AS HUGEINT)) END AS most_points4
    , v.point_value8
  FROM fitting AS x
  JOIN amount_point_value AS v ON v.scheme = x.scheme
  CROSS JOIN (SELECT value FROM policy_value WHERE parameter = 'bed_day.pay') AS p
  WHERE x.place = 1
)
SELECT
  setl_id
  , CAST(CASE WHEN amount_fen IS NOT NULL
      THEN round_divide(CAST(amount_fen AS HUGEINT) * 10000000000, CAST(point_value8 AS HUGEINT))
      ELSE least(points4, coalesce(most_points4, points4)) END AS BIGINT) AS points4
  , CAST(amount_fen AS BIGINT) AS amount_fen
  , class || ' × ' || CAST(length_of_stay AS VARCHAR) AS reference
FROM standard
