-- accepted_list: the lists of the payment year and its history that take part in the settlement
-- grain: one row per accepted list
-- reads: list, settlement_year, signature, institution
--        setl_id and diagnosis are kept for the payment year only
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
FROM list AS l
CROSS JOIN settlement_year AS y
JOIN signature AS s
  ON s.diagnoses = l.diagnoses
  AND s.procedures = l.procedures
  AND s.sex = CASE WHEN list_contains(getvariable('drg_reads'), 'sex') THEN coalesce(l.sex, -1) ELSE -1 END
  AND s.age_years
    = CASE WHEN list_contains(getvariable('drg_reads'), 'age_years') THEN coalesce(l.age_years, -1) ELSE -1 END
  AND s.age_days
    = CASE WHEN list_contains(getvariable('drg_reads'), 'age_days') THEN coalesce(l.age_days, -1) ELSE -1 END
  AND s.birth_weight_g
    = CASE WHEN list_contains(getvariable('drg_reads'), 'birth_weight_g') THEN coalesce(l.birth_weight_g, -1) ELSE -1 END
  AND s.length_of_stay
    = CASE WHEN list_contains(getvariable('drg_reads'), 'length_of_stay') THEN coalesce(l.length_of_stay, -1) ELSE -1 END
  AND s.disposition
    = CASE WHEN list_contains(getvariable('drg_reads'), 'disposition') THEN coalesce(l.disposition, '') ELSE '' END
JOIN institution AS i ON i.institution_no = enum_code(l.institution)
WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
