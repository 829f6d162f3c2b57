-- duration_matches_outcome: stays in intensive care whose duration is not that between their two times
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, icuinfo, quality_threshold
-- rule:  时长 — docs/domain/quality.md#duration-matches
WITH judged AS (
  SELECT
    c.check_no
    , i.list_no
    , i.item_no
    , i.scs_cutd_sum_dura AS value
    , minutes_between(i.scs_cutd_inpool_time_at, i.scs_cutd_exit_time_at) AS minutes
    , abs(i.scs_cutd_sum_dura_minutes - minutes_between(i.scs_cutd_inpool_time_at, i.scs_cutd_exit_time_at)) > h.value
      AS fails
  FROM this_check AS c
  JOIN quality_threshold AS h ON h.check_no = c.check_no AND h.name = 'tolerance_minutes'
  CROSS JOIN icuinfo AS i
  WHERE i.scs_cutd_sum_dura_minutes IS NOT NULL
    AND i.scs_cutd_exit_time_at >= i.scs_cutd_inpool_time_at
    AND length(i.scs_cutd_inpool_time) > 10 AND length(i.scs_cutd_exit_time) > 10
)
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN fails THEN 'icuinfo.scs_cutd_sum_dura' END AS place
  , fails
  , CASE WHEN fails THEN value END AS value
  , CASE WHEN fails THEN (minutes // 1440) || '/' || (minutes % 1440 // 60) || '/' || (minutes % 60) END AS expected
FROM judged
