-- grouping_outcome: lists that the grouper could not place, or placed with a doubt
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_parameter, stay, grouped_list
-- rule:  入组 — docs/domain/quality.md#grouping
SELECT
  c.check_no
  , s.list_no
  , -1 AS item_no
  , CASE WHEN g.kind = p.value THEN 'diseinfo.diag_code' END AS place
  , g.kind = p.value AS fails
  , CASE WHEN g.kind = p.value THEN g.kind END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check AS c
JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'kind'
CROSS JOIN stay AS s
JOIN grouped_list AS g ON g.setl_id = s.setl_id
