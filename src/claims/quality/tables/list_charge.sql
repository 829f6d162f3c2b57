-- list_charge: the charge items of a list added up
-- grain: one row per list with charge items
-- reads: iteminfo
-- rule:  费用恒等式 — docs/domain/quality.md#sum-compare
--
-- NULL where an amount cannot be read, so that no sum is made of half the items.
SELECT
  list_no
  , CASE WHEN count(*) = count(amt_fen) THEN CAST(sum(amt_fen) AS BIGINT) END AS charge_fen
FROM iteminfo
GROUP BY list_no
ORDER BY list_no
