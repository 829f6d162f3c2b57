-- adjusted_add_on: points added to a case for new drugs and technology
-- grain: one row per setl_id
-- reads: case_score, add_on, amount_point_value
-- rule:  另加点数 — docs/domain/drg-payment.md#add-on
SELECT
  c.setl_id
  , CAST(min(c.points4) + sum(coalesce(a.points4,
      round_divide(CAST(a.amount_fen AS HUGEINT) * 10000000000, CAST(v.point_value8 AS HUGEINT)))) AS BIGINT) AS points4
  , CAST(sum(a.amount_fen) AS BIGINT) AS amount_fen
  , string_agg(a.item, ' + ' ORDER BY a.row_no) AS reference
FROM add_on AS a
JOIN case_score AS c ON c.setl_id = a.setl_id
JOIN amount_point_value AS v ON v.scheme = c.scheme
GROUP BY c.setl_id
