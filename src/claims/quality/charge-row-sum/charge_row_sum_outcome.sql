-- charge_row_sum_outcome: charge items whose parts do not add up to their amount
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, iteminfo, quality_threshold
-- rule:  收费项目分列 — docs/domain/quality.md#charge-row-sum
WITH judged AS (
  SELECT
    c.check_no
    , i.list_no
    , i.item_no
    , i.amt_fen
    , i.claa_sumfee_fen + i.clab_amt_fen + i.fulamt_ownpay_amt_fen + i.oth_amt_fen AS parts_fen
    , abs(i.amt_fen - (i.claa_sumfee_fen + i.clab_amt_fen + i.fulamt_ownpay_amt_fen + i.oth_amt_fen)) > h.value AS fails
  FROM this_check AS c
  JOIN quality_threshold AS h ON h.check_no = c.check_no AND h.name = 'tolerance_fen'
  CROSS JOIN iteminfo AS i
)
SELECT
  check_no
  , list_no
  , item_no
  , 'iteminfo.amt' AS place
  , true AS fails
  , yuan_text(amt_fen) AS value
  , yuan_text(parts_fen) AS expected
FROM judged
WHERE fails
UNION ALL
SELECT DISTINCT
  check_no
  , list_no
  , CAST(-1 AS BIGINT) AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM judged
WHERE fails IS NOT NULL
