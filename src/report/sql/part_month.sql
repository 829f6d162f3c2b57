-- part_month: what is paid of the parts in each month
-- grain: one row per month, part, insutype, fixmedins_code, item
-- reads: part_month, institution, settlement_year
-- rule:  按月预付 — docs/domain/parts.md#months
SELECT
  CAST(y.payment_year AS VARCHAR) || '-' || lpad(CAST(m.month AS VARCHAR), 2, '0') AS month
  , m.part
  , CAST(m.scheme AS VARCHAR) AS insutype
  , i.fixmedins_code
  , i.name
  , m.item
  , m.base_fen
  , m.paid_fen
FROM part_month AS m
CROSS JOIN settlement_year AS y
JOIN institution AS i ON i.institution_no = m.institution_no
ORDER BY month, m.part, insutype, i.fixmedins_code, m.item
