-- conditional_outcome: what a field demands of others once a condition holds
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: check_condition
-- rule:  条件 — docs/domain/quality.md#conditional
--
-- A condition or demand on a number that is not there is neither kept nor broken: the list is left out.
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN NOT is_kept THEN place END AS place
  , NOT is_kept AS fails
  , CASE WHEN NOT is_kept THEN value END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM check_condition
WHERE is_met AND is_kept IS NOT NULL
