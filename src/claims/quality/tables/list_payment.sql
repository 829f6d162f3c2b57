-- list_payment: the fund payments of a list added up
-- grain: one row per list with fund payments
-- reads: payinfo
-- rule:  费用恒等式 — docs/domain/quality.md#sum-compare
--
-- NULL where an amount cannot be read, so that no sum is made of half the payments.
SELECT
  list_no
  , CASE WHEN count(*) = count(fund_payamt_fen) THEN CAST(sum(fund_payamt_fen) AS BIGINT) END AS fund_fen
FROM payinfo
GROUP BY list_no
ORDER BY list_no
