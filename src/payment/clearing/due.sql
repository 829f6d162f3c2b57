-- due: what each institution is due for the year before the steps of the clearing; under floating values by deduction or
--      pooled ratio Σ due = budget in every scheme that has points
-- grain: one row per scheme, institution_no: those with a list in the year or a row in institution_year
-- reads: institution_total, scheme_total, pot_share, own_ratio_due, policy_value
-- rule:  年度应付 — docs/domain/dip.md#point-values, docs/domain/clearing.md#point-value-methods
--
-- Elastic values may leave money: where the policy gives it to the institutions, it is split by points with the largest
-- remainder.
WITH chosen AS (
  SELECT
    max(CASE WHEN parameter = 'point_value.method' THEN value END) AS method
    , max(CASE WHEN parameter = 'point_value.mode' THEN value END) AS mode
    , max(CASE WHEN parameter = 'point_value.unallocated' THEN value END) AS unallocated
  FROM policy_value
)
, shared AS (
  SELECT scheme, institution_no, sum(amount_fen) AS amount_fen
  FROM pot_share
  GROUP BY scheme, institution_no
)
, valued AS (
  SELECT
    t.scheme
    , t.institution_no
    , t.fixmedins_code
    , t.cases
    , t.points4
    , t.cost_fen
    , t.non_fund_fen
    , s.points4 AS scheme_points4
    , s.budget_fen
    , CASE
        WHEN h.scheme IS NOT NULL THEN h.amount_fen - CASE WHEN c.method = 'deduction' THEN t.non_fund_fen ELSE 0 END
        ELSE coalesce(o.due_fen, 0) END AS due_fen
    , c.mode = 'elastic' AND c.unallocated = 'institutions' AS is_rest_shared
  FROM institution_total AS t
  JOIN scheme_total AS s ON s.scheme = t.scheme
  CROSS JOIN chosen AS c
  LEFT JOIN shared AS h ON h.scheme = t.scheme AND h.institution_no = t.institution_no
  LEFT JOIN own_ratio_due AS o ON o.scheme = t.scheme AND o.institution_no = t.institution_no
)
, rest AS (
  SELECT
    *
    , CASE WHEN is_rest_shared AND scheme_points4 > 0 THEN budget_fen - sum(due_fen) OVER (PARTITION BY scheme) ELSE 0 END
      AS rest_fen
  FROM valued
)
, rest_share AS (
  SELECT
    *
    , CASE WHEN rest_fen <> 0 THEN (points4 * abs(rest_fen)) // scheme_points4 ELSE 0 END AS rest_floor_fen
    , CASE WHEN rest_fen <> 0 THEN (points4 * abs(rest_fen)) % scheme_points4 ELSE 0 END AS remainder
  FROM rest
)
, ranked AS (
  SELECT
    *
    , row_number() OVER (PARTITION BY scheme ORDER BY remainder DESC, fixmedins_code) AS place
    , abs(rest_fen) - sum(rest_floor_fen) OVER (PARTITION BY scheme) AS fen_left
  FROM rest_share
)
SELECT
  scheme
  , institution_no
  , fixmedins_code
  , cases
  , points4
  , cost_fen
  , non_fund_fen
  , due_fen + CASE WHEN rest_fen < 0 THEN -1 ELSE 1 END
      * (rest_floor_fen + CASE WHEN place <= fen_left THEN 1 ELSE 0 END) AS due_fen
FROM ranked
ORDER BY scheme, fixmedins_code
