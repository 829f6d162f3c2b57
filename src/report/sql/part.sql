-- part: what is paid beside the grouped lists: each line of a part with what was paid of it in months
-- grain: one row per part, insutype, fixmedins_code, item
-- reads: part_line, part_month, institution
-- rule:  各付费部分 — docs/domain/parts.md#months
SELECT
  p.part
  , CAST(p.scheme AS VARCHAR) AS insutype
  , i.fixmedins_code
  , i.name
  , p.item
  , p.quantity
  , CAST(p.amount_fen AS BIGINT) AS amount_fen
  , CAST(p.fund_fen AS BIGINT) AS fund_fen
  , CAST(p.points4 AS BIGINT) AS points4
  , p.lock
  , p.due_fen
  , CAST(coalesce(m.paid_fen, 0) AS BIGINT) AS monthly_paid_fen
FROM part_line AS p
JOIN institution AS i ON i.institution_no = p.institution_no
LEFT JOIN (
  SELECT part, scheme, institution_no, item, sum(paid_fen) AS paid_fen
  FROM part_month
  GROUP BY part, scheme, institution_no, item
) AS m
  ON m.part = p.part AND m.scheme = p.scheme AND m.institution_no = p.institution_no AND m.item = p.item
ORDER BY p.part, insutype, i.fixmedins_code, p.item
