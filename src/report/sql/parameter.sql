-- parameter: the policy values used, with where they come from
-- grain: one row per parameter value
-- reads: policy_value
-- rule:  参数 — docs/domain/dip.md#parameters
SELECT
  parameter
  , unit
  , CAST(value AS VARCHAR) AS value
  , layer
  , area
  , document
  , article
  , CAST(effective_from AS VARCHAR) AS effective_from
  , title_zh
  , title_en
  , document_title_zh
  , document_title_en
FROM policy_value
-- the settlement reads none of these
WHERE NOT starts_with(parameter, 'evaluation.')
ORDER BY parameter, effective_from, layer
