-- accepted_list: the lists of the payment year and its history that take part in the settlement
-- grain: one row per accepted list
-- reads: list, drg_list_signature, settlement_year, signature, institution
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
JOIN drg_list_signature AS k ON k.list_no = l.rowid
JOIN signature AS s ON s.drg_signature_no = k.signature_no AND s.diagnosis = l.diagnosis AND s.procedures = l.procedures
JOIN institution AS i ON i.institution_no = l.institution_no
