-- readable_outcome: numbers, amounts, dates and durations that cannot be read as such
-- grain: one row per failing item; one per check without a list, when it applies to all
-- reads: this_check, check_unreadable
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
UNION ALL
SELECT
  check_no
  , CAST(NULL AS INTEGER) AS list_no
  , CAST(-1 AS BIGINT) AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check
