-- as: view
-- accepted_list: the lists of the payment year and its history that take part in the settlement
-- grain: one row per accepted list; a view, as a copy of millions of lists costs more than finding their signature again
-- reads: list, settlement_year, signature, institution
--        setl_id is kept for the payment year only; list_no is the position in `list`
-- rule:  接收条件 — docs/domain/dip.md#accepted
SELECT
  CASE WHEN l.year = y.payment_year THEN l.setl_id END AS setl_id
  , i.institution_no
  , i.class_no
  , l.scheme
  , l.year
  , l.month
  , l.cost_fen
  , l.fund_fen
  , s.signature_no
  , l.rowid AS list_no
FROM list AS l
CROSS JOIN settlement_year AS y
JOIN signature AS s ON s.diagnosis = l.diagnosis AND s.procedures = l.procedures
JOIN institution AS i ON i.institution_no = l.institution_no
WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
