-- case_fact: what the adjustments read of each list of the payment year beyond its group and cost
-- grain: one row per setl_id
-- reads: list, settlement_year
-- rule:  病例点数的调整 — docs/domain/drg-payment.md#adjustments
SELECT l.setl_id, l.person, l.admission_date, l.discharge_date, l.length_of_stay, l.disposition
FROM list AS l
CROSS JOIN settlement_year AS y
WHERE l.refusal_bits = 0 AND l.year = y.payment_year
