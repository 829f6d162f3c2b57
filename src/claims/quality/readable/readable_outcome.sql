-- readable_outcome: numbers, amounts, dates and durations that cannot be read as such
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, check_unreadable, stay
-- rule:  可读 — docs/domain/quality.md#readable
--
-- expected: how such a value is written.
SELECT
  c.check_no
  , v.list_no
  , v.item_no
  , v.place
  , true AS fails
  , v.value
  , v.expected
FROM this_check AS c
CROSS JOIN check_unreadable AS v
WHERE NOT is_blank(v.value)
UNION ALL
SELECT
  c.check_no
  , s.list_no
  , -1 AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check AS c
CROSS JOIN stay AS s
