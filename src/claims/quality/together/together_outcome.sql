-- together_outcome: fields that are all there or none of them
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_term, check_text
-- rule:  同有同无 — docs/domain/quality.md#together
--
-- An empty number, which the interface sends as 0, counts as missing.
WITH seen AS (
  SELECT
    t.check_no
    , v.list_no
    , v.item_no
    , count(*) AS fields
    , count(*) FILTER (WHERE NOT is_absent(v.value)) AS filled
    , min(v.place) FILTER (WHERE is_absent(v.value)) AS missing
    , min(v.value) FILTER (WHERE is_absent(v.value)) AS value
  FROM this_term AS t
  JOIN check_text AS v ON v.field_no = t.field_no
  GROUP BY t.check_no, v.list_no, v.item_no
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
