-- icu_stay: minutes in intensive care of the lists whose national form says so
-- grain: one row per setl_id with at least one stay, all of whose stays have a length
-- reads: icuinfo_source (a view over the icuinfo nodes of national_form/)
-- rule:  重症监护时长 — docs/domain/settlement-lists.md#icu
WITH measured AS (
  SELECT
    trimmed(setl_id) AS setl_id
    , CASE
        WHEN coalesce(trim(scs_cutd_sum_dura), '') <> '' THEN duration_text_to_minutes(scs_cutd_sum_dura)
        WHEN iso_text_to_timestamp(scs_cutd_exit_time) >= iso_text_to_timestamp(scs_cutd_inpool_time)
          THEN date_diff('minute', iso_text_to_timestamp(scs_cutd_inpool_time), iso_text_to_timestamp(scs_cutd_exit_time))
      END AS minutes
  FROM icuinfo_source
)
SELECT setl_id, CAST(sum(minutes) AS BIGINT) AS minutes
FROM measured
WHERE setl_id <> ''
GROUP BY setl_id
HAVING count(*) = count(minutes)
ORDER BY setl_id
