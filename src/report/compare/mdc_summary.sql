-- mdc_summary: the year of each MDC of the DRG scheme
-- grain: one row per mdc ('' for a case of no MDC)
-- reads: case_result, case_score, signature_drg, point_value_result
-- rule:  方案对比 — docs/domain/drg-payment.md#compare
--
-- paid_fen as in speciality_summary.
WITH counted AS (
  SELECT
    coalesce(d.mdc, '') AS mdc
    , c.insutype
    , count(*) AS cases
    , sum(c.cost_fen) AS cost_fen
    , sum(c.fund_fen) AS fund_fen
    , sum(c.points4) AS points4
  FROM case_result AS c
  JOIN case_score AS s ON s.setl_id = c.setl_id
  JOIN signature_drg AS d ON d.signature_no = s.signature_no
  GROUP BY coalesce(d.mdc, ''), c.insutype
)
SELECT
  k.mdc
  , CAST(sum(k.cases) AS BIGINT) AS cases
  , CAST(sum(k.fund_fen) AS BIGINT) AS fund_fen
  , CAST(sum(k.points4) AS BIGINT) AS points4
  , CAST(sum(CASE WHEN p.settlement_point_value8 IS NULL THEN 0 ELSE
      round_divide(CAST(k.points4 AS HUGEINT) * p.settlement_point_value8, CAST(10000000000 AS HUGEINT))
        - (k.cost_fen - k.fund_fen) END) AS BIGINT) AS paid_fen
FROM counted AS k
LEFT JOIN point_value_result AS p ON p.insutype = k.insutype
GROUP BY k.mdc
ORDER BY k.mdc
