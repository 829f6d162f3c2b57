-- demo.icuinfo: the node icuinfo of 4101
-- grain: one row per stay in intensive care
-- reads: demo.form_list, demo.form_mistake
WITH wrong AS (
  SELECT
    setl_id
    , bool_or(kind = 'icu-outside') AS outside
    , bool_or(kind = 'icu-duration') AS miscounted
    , bool_or(kind = 'not-settled') AS not_settled
  FROM demo.form_mistake
  GROUP BY setl_id
)
, stayed AS (
  SELECT
    l.setl_id
    , l.admission + to_hours(1) - CASE WHEN coalesce(w.outside, false) THEN to_hours(9) ELSE to_hours(0) END AS begun
    , 600 + form_draw(l.random, 50, (l.stay_days - 2) * 1440) AS minutes
    , coalesce(w.outside, false) AS outside
    , coalesce(w.miscounted, false) AS miscounted
    , coalesce(w.not_settled, false) AS not_settled
  FROM demo.form_list AS l
  LEFT JOIN wrong AS w ON w.setl_id = l.setl_id
  WHERE l.stay_days > 3 AND (l.procedures_text LIKE '%96.7%' OR form_draw(l.random, 51, 100) < 2)
)
SELECT
  CASE WHEN not_settled THEN 'X' || setl_id ELSE setl_id END AS setl_id
  , '4' AS scs_cutd_ward_type
  , strftime(begun, '%Y-%m-%d %H:%M:%S') AS scs_cutd_inpool_time
  , strftime(begun + to_minutes(minutes), '%Y-%m-%d %H:%M:%S') AS scs_cutd_exit_time
  , (minutes // 1440) || '/' || (minutes % 1440 // 60) || '/'
    || CASE WHEN miscounted THEN (minutes % 60 + 20) % 60 ELSE minutes % 60 END AS scs_cutd_sum_dura
FROM stayed
ORDER BY setl_id
