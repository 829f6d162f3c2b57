-- clearing: the annual clearing of each institution, with names
-- grain: one row per insutype, fixmedins_code
-- reads: clearing_result, institution
-- rule:  年度清算 — docs/domain/dip.md#clearing
SELECT
  c.insutype
  , c.fixmedins_code
  , i.name
  , i.level
  , c.cases
  , c.points4
  , c.cost_fen
  , c.non_fund_fen
  , c.cost_fen - c.non_fund_fen AS fund_fen
  , c.due_fen
  , c.assessed_fen
  , c.audit_deduction_fen
  , c.result_fen
  , c.result_fen - (c.cost_fen - c.non_fund_fen) AS gain_fen
  , c.monthly_paid_fen
  , c.advance_paid_fen
  , c.clearing_cash_fen
FROM clearing_result AS c
LEFT JOIN institution AS i ON i.fixmedins_code = c.fixmedins_code
ORDER BY c.insutype, c.fixmedins_code
