-- bed_day_stay: days of each list of the payment year: from admission to discharge, at least one
-- grain: one row per setl_id
-- reads: list, settlement_year
-- rule:  床日 — docs/domain/parts.md#bed-day
SELECT l.setl_id, CAST(l.length_of_stay AS INTEGER) AS length_of_stay
FROM list AS l
CROSS JOIN settlement_year AS y
WHERE l.refusal_bits = 0 AND l.year = y.payment_year
