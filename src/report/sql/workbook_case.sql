-- workbook_case: the cases of the workbooks, numbered within their institution
-- grain: one row per case
-- reads: case_result, point_value_result
-- rule:  病例支付估算 — docs/domain/dip.md#point-values
--
-- estimated_payment_fen = points × settlement point value (as published, 8 decimals) − non-fund payments, rounded to
-- the fen. Points are × 10^4 and the point value × 10^8, so their product is yuan × 10^12 = fen × 10^10.
-- An estimate: the exact amounts of the clearing are made per institution, with the unrounded point value.
SELECT
  c.fixmedins_code
  , row_number() OVER (PARTITION BY c.fixmedins_code ORDER BY c.month, c.setl_id) AS case_no
  , c.setl_id
  , c.insutype
  , c.month
  , c.diagnosis
  , c.procedures
  , c.group_code
  , c.kind
  , c.deviation
  , c.cost_fen
  , c.fund_fen
  , c.points4
  , round_divide(CAST(c.points4 AS HUGEINT) * p.settlement_point_value8, CAST(10000000000 AS HUGEINT))
    - (c.cost_fen - c.fund_fen) AS estimated_payment_fen
FROM case_result AS c
LEFT JOIN point_value_result AS p ON p.insutype = c.insutype
ORDER BY c.fixmedins_code, case_no
