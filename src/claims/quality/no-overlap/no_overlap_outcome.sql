-- no_overlap_outcome: stays in intensive care that overlap another one of the list
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, icuinfo
-- rule:  重症监护不重叠 — docs/domain/quality.md#no-overlap
WITH ordered AS (
  SELECT
    list_no
    , item_no
    , scs_cutd_inpool_time_at AS begun
    , max(scs_cutd_exit_time_at) OVER (
        PARTITION BY list_no ORDER BY scs_cutd_inpool_time_at, scs_cutd_exit_time_at, row_no, item_no
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended_before
  FROM icuinfo
  WHERE scs_cutd_inpool_time_at IS NOT NULL AND scs_cutd_exit_time_at IS NOT NULL
)
SELECT
  c.check_no
  , o.list_no
  , o.item_no
  , CASE WHEN o.begun < o.ended_before THEN 'icuinfo.scs_cutd_inpool_time' END AS place
  , coalesce(o.begun < o.ended_before, false) AS fails
  , CASE WHEN o.begun < o.ended_before THEN CAST(o.begun AS VARCHAR) END AS value
  , CASE WHEN o.begun < o.ended_before THEN CAST(o.ended_before AS VARCHAR) END AS expected
FROM this_check AS c
CROSS JOIN ordered AS o
