-- together_outcome: fields that are all there or none of them
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: check_text
-- rule:  同有同无 — docs/domain/quality.md#together
--
-- An empty number, which the interface sends as 0, counts as missing.
WITH seen AS (
  SELECT
    check_no
    , list_no
    , item_no
    , count(*) AS fields
    , count(*) FILTER (WHERE NOT is_absent(value)) AS filled
    , min(place) FILTER (WHERE is_absent(value)) AS missing
    , min(value) FILTER (WHERE is_absent(value)) AS value
  FROM check_text
  GROUP BY check_no, list_no, item_no
)
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN filled < fields THEN missing END AS place
  , filled < fields AS fails
  , CASE WHEN filled < fields THEN value END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM seen
WHERE filled > 0
