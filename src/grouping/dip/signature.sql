-- signature: the distinct inputs that grouping reads: start of the principal diagnosis and procedures as written.
--            Ten million lists have far fewer of them.
-- grain: one row per signature_no
-- reads: list, settlement_year
-- rule:  入组键 — docs/domain/dip.md#keys
WITH distinct_input AS (
  SELECT DISTINCT left(l.diagnosis, y.diagnosis_length) AS diagnosis_start, l.procedures
  FROM list AS l
  CROSS JOIN settlement_year AS y
  WHERE l.refusal_bits = 0 AND l.year BETWEEN y.first_year AND y.payment_year
)
SELECT
  CAST(row_number() OVER (ORDER BY diagnosis_start, procedures) AS INTEGER) AS signature_no
  , diagnosis_start
  , procedures
FROM distinct_input
ORDER BY signature_no
