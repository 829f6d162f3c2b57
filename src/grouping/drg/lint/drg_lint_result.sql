-- drg_lint_result: cost of the lists of every result; costs as floating point, these are statistics and no money is paid by them
-- grain: one row per mdc, adrg, drg and status
-- reads: drg_lint_list, drg_list_signature, drg_signature_group
-- rule:  方案检查 — docs/domain/drg.md#lint
SELECT
  g.mdc
  , g.adrg
  , g.drg
  , g.status
  , count(*) AS lists
  , sum(CAST(l.cost_fen AS DOUBLE)) AS cost_sum
  , avg(CAST(l.cost_fen AS DOUBLE)) AS cost_mean
  , stddev_samp(CAST(l.cost_fen AS DOUBLE)) AS cost_sd
  , var_pop(CAST(l.cost_fen AS DOUBLE)) * count(*) AS squares_within
FROM drg_lint_list AS l
JOIN drg_list_signature AS s ON s.list_no = l.list_no
JOIN drg_signature_group AS g ON g.signature_no = s.signature_no
GROUP BY g.mdc, g.adrg, g.drg, g.status
ORDER BY g.status, g.mdc, g.adrg, g.drg
