-- demo.claimed: what the institutions claim for the current year in the lists of one file
-- grain: one row per institution and scheme; fee and fund in fen
-- reads: demo.settlement_list, demo.institution, demo.parameter
SELECT
  s.fixmedins_code,
  s.insutype,
  draw(
    xor(hash(CAST(h.institution_no * 1000 + s.insutype AS BIGINT)), hash(CAST(p.seed AS BIGINT))),
    70,
    1000
  ) AS lot,
  COUNT(*) AS lists,
  CAST(SUM(s.fee) AS BIGINT) AS fee,
  CAST(SUM(s.fund) AS BIGINT) AS fund
FROM demo.settlement_list s
JOIN demo.institution h ON h.code = s.fixmedins_code
CROSS JOIN demo.parameter p
WHERE s.broken IS NULL AND date_part('year', s.dscg_date) = p.current_year
GROUP BY s.fixmedins_code, s.insutype, h.institution_no, p.seed
ORDER BY s.fixmedins_code, s.insutype
