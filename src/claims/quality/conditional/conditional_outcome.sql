-- conditional_outcome: what a field demands of others once a condition holds
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_term, check_text
-- rule:  条件 — docs/domain/quality.md#conditional
--
-- A condition or demand on a number that is not there is neither kept nor broken: the list is left out.
WITH condition AS (
  SELECT
    t.check_no
    , v.list_no
    , v.item_no
  FROM this_term AS t
  JOIN check_text AS v ON v.field_no = t.field_no
  WHERE t.role = 'when' AND term_holds(t.op, v.value, t.texts, t.low2, t.high2)
)
, judged AS (
  SELECT
    c.check_no
    , c.list_no
    , c.item_no
    , v.place
    , NOT term_holds(t.op, v.value, t.texts, t.low2, t.high2) AS fails
    , v.value
  FROM condition AS c
  JOIN this_term AS t ON t.check_no = c.check_no AND t.role = 'then'
  JOIN check_text AS v ON v.field_no = t.field_no AND v.list_no = c.list_no AND v.item_no = c.item_no
)
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN fails THEN place END AS place
  , fails
  , CASE WHEN fails THEN value END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM judged
WHERE fails IS NOT NULL
