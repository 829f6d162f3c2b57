-- clearing_amount: what stands for each institution between two steps of the clearing; at first what it is due
-- grain: one row per scheme, institution_no
-- reads: due
-- rule:  年度清算的步骤 — docs/domain/clearing.md#steps
SELECT
  scheme
  , institution_no
  , fixmedins_code
  , points4
  , cost_fen - non_fund_fen AS booked_fen
  , due_fen AS amount_fen
FROM due
ORDER BY scheme, fixmedins_code
