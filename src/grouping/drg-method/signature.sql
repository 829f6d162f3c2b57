-- signature: the distinct cases that the scheme can tell apart by what it reads
-- grain: one row per signature_no; numbers that are missing are −1
-- reads: list, settlement_year
-- rule:  DRG 分组 — docs/domain/drg-payment.md#signatures
--
-- The variable drg_reads holds the fields a condition of the scheme tests; the others are the same for all cases.
WITH distinct_input AS (
  SELECT DISTINCT
    l.diagnoses
    , l.procedures
    , CASE WHEN list_contains(getvariable('drg_reads'), 'sex') THEN coalesce(l.sex, -1) ELSE -1 END AS sex
    , CASE WHEN list_contains(getvariable('drg_reads'), 'age_years') THEN coalesce(l.age_years, -1) ELSE -1 END
      AS age_years
    , CASE WHEN list_contains(getvariable('drg_reads'), 'age_days') THEN coalesce(l.age_days, -1) ELSE -1 END
      AS age_days
    , CASE WHEN list_contains(getvariable('drg_reads'), 'birth_weight_g') THEN coalesce(l.birth_weight_g, -1) ELSE -1 END
      AS birth_weight_g
    , CASE WHEN list_contains(getvariable('drg_reads'), 'length_of_stay') THEN coalesce(l.length_of_stay, -1) ELSE -1 END
      AS length_of_stay
    , CASE WHEN list_contains(getvariable('drg_reads'), 'disposition') THEN coalesce(l.disposition, '') ELSE '' END
      AS disposition
  FROM list AS l
  CROSS JOIN settlement_year AS y
  WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
)
SELECT CAST(row_number() OVER () AS INTEGER) AS signature_no, *
FROM distinct_input
