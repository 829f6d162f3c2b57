-- as: view
-- accepted_list: the lists of the payment year and its history that take part in the settlement
-- grain: one row per accepted list; a view, as a copy of millions of lists costs more than finding their signature again
-- reads: list, settlement_year, signature, institution
--        setl_id and diagnosis are kept for the payment year only; list_no, the position in `list`, for typing only
-- rule:  接收条件 — docs/domain/dip.md#accepted
SELECT
  CASE WHEN l.year = y.payment_year THEN l.setl_id END AS setl_id
  , CASE WHEN l.year = y.payment_year THEN l.diagnosis END AS diagnosis
  , i.institution_no
  , i.class_no
  , l.scheme
  , l.year
  , l.month
  , l.cost_fen
  , l.fund_fen
  , s.signature_no
  , CASE WHEN getvariable('list_keeps_position') THEN l.rowid END AS list_no
FROM list AS l
CROSS JOIN settlement_year AS y
JOIN signature AS s ON s.diagnosis = l.diagnosis AND s.procedures = l.procedures
JOIN institution AS i ON i.institution_no = enum_code(l.institution)
WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
