-- residual_line: what makes the residual account of each scheme, step by step: Σ amount = residual
-- grain: one row per insutype, step_no; step 0 is what the point value leaves of the budget
-- reads: scheme_total, due, clearing_line, policy_value
-- rule:  留存账户 — docs/domain/clearing.md#residual
--
-- account: where the money lies: reserve or region (elastic values), adjustment-fund (drawn from it: negative), residual
WITH due_total AS (
  SELECT scheme, sum(due_fen) AS due_fen FROM due GROUP BY scheme
)
, unallocated AS (
  SELECT value FROM policy_value WHERE parameter = 'point_value.unallocated' AND value <> 'institutions'
)
, line AS (
  SELECT
    s.scheme
    , 0 AS step_no
    , 'point-value' AS step
    , coalesce((SELECT value FROM unallocated), 'residual') AS account
    , s.budget_fen - coalesce(d.due_fen, 0) AS amount_fen
  FROM scheme_total AS s
  LEFT JOIN due_total AS d ON d.scheme = s.scheme
  UNION ALL
  SELECT
    scheme
    , step_no
    , step
    , CASE WHEN step = 'bands' AND sum(change_fen) > 0 THEN 'adjustment-fund' ELSE 'residual' END
    , -sum(change_fen)
  FROM clearing_line
  GROUP BY scheme, step_no, step
)
SELECT CAST(scheme AS VARCHAR) AS insutype, step_no, step, account, CAST(amount_fen AS BIGINT) AS amount_fen
FROM line
ORDER BY insutype, step_no
