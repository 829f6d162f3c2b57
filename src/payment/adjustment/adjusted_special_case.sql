-- adjusted_special_case: what the special-case review granted instead of the points of the case
-- grain: one row per setl_id
-- reads: case_score, special_case, amount_point_value
-- rule:  特例单议 — docs/domain/drg-payment.md#special-case
WITH granted AS (
  SELECT
    c.setl_id
    , c.scheme
    , s.points4
    , CASE s.decision WHEN 'cost' THEN c.cost_fen WHEN 'amount' THEN s.amount_fen END AS amount_fen
    , s.decision
    , s.reason
  FROM special_case AS s
  JOIN case_score AS c ON c.setl_id = s.setl_id
  WHERE s.decision <> 'rejected'
)
SELECT
  g.setl_id
  , CAST(coalesce(g.points4, round_divide(CAST(g.amount_fen AS HUGEINT) * 10000000000, CAST(v.point_value8 AS HUGEINT)))
    AS BIGINT) AS points4
  , g.amount_fen
  , CASE WHEN g.reason = '' THEN g.decision ELSE g.decision || ': ' || g.reason END AS reference
FROM granted AS g
JOIN amount_point_value AS v ON v.scheme = g.scheme
