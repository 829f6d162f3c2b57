-- ungrouped_share_outcome: ungrouped lists of institutions that have too many of them
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_threshold, stay, grouped_list
-- rule:  未入组率 — docs/domain/quality.md#ungrouped-share
--
-- value and expected: ungrouped lists of the institution and all of them.
WITH share AS (
  SELECT
    s.institution_no
    , count(*) AS lists
    , count(*) FILTER (WHERE g.kind = 'ungrouped') AS ungrouped
  FROM stay AS s
  JOIN grouped_list AS g ON g.setl_id = s.setl_id
  WHERE s.asked_for
  GROUP BY s.institution_no
)
, judged AS (
  SELECT
    c.check_no
    , s.list_no
    , i.lists
    , i.ungrouped
    , g.kind = 'ungrouped' AND i.ungrouped * 100 > i.lists * h.value AS fails
  FROM this_check AS c
  JOIN quality_threshold AS h ON h.check_no = c.check_no AND h.name = 'max_percent'
  CROSS JOIN stay AS s
  JOIN grouped_list AS g ON g.setl_id = s.setl_id
  JOIN share AS i ON i.institution_no = s.institution_no
)
SELECT
  check_no
  , list_no
  , -1 AS item_no
  , CASE WHEN fails THEN 'diseinfo.diag_code' END AS place
  , fails
  , CASE WHEN fails THEN CAST(ungrouped AS VARCHAR) END AS value
  , CASE WHEN fails THEN CAST(lists AS VARCHAR) END AS expected
FROM judged
