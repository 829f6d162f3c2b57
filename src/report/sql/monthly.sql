-- monthly: the monthly settlement of each institution, with names
-- grain: one row per month, insutype, fixmedins_code
-- reads: month_result, institution
-- rule:  月预结算 — docs/domain/dip.md#months
-- parameters: $1: a fixmedins_code, or NULL for all
SELECT
  m.month
  , m.insutype
  , m.fixmedins_code
  , i.name
  , m.cases
  , m.points4
  , m.cost_fen
  , m.cost_fen - m.non_fund_fen AS fund_fen
  , m.non_fund_fen
  , m.base_fen
  , m.paid_fen
FROM month_result AS m
LEFT JOIN institution AS i ON i.fixmedins_code = m.fixmedins_code
WHERE $1 IS NULL OR m.fixmedins_code = $1
ORDER BY m.month, m.insutype, m.fixmedins_code
