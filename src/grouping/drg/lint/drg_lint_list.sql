-- drg_lint_list: the lists of one year against which a scheme is examined, each id once
-- grain: one row per list, numbered from 1 in the order of their ids
-- reads: drg_lint_read
-- rule:  方案检查 — docs/domain/drg.md#lint
WITH usable AS (
  SELECT *
  FROM drg_lint_read
  WHERE setl_id <> '' AND cost_fen > 0 AND discharge >= admission AND year(discharge) = list_year
    AND first_code(diagnoses) <> ''
)
, repeated AS (
  SELECT setl_id FROM drg_lint_read GROUP BY setl_id HAVING count(*) > 1
)
SELECT
  row_number() OVER (ORDER BY u.setl_id) AS list_no
  , u.setl_id
  , u.cost_fen
  , u.diagnoses
  , u.procedures
  , u.sex
  , u.age_years
  , u.age_days
  , u.birth_weight_g
  -- 入院当日出院计一日
  , greatest(1, date_diff('day', CAST(u.admission AS DATE), CAST(u.discharge AS DATE))) AS length_of_stay
  , u.disposition
  , u.inpatient_type
  , u.icu_minutes
FROM usable AS u
ANTI JOIN repeated AS r ON r.setl_id = u.setl_id
ORDER BY list_no
