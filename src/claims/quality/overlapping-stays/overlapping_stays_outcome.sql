-- overlapping_stays_outcome: stays that overlap a stay of the same person in another institution
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, stay
-- rule:  住院重叠 — docs/domain/quality.md#overlapping-stays
--
-- The later admission is the finding. A transfer within one day is none.
WITH ordered AS (
  SELECT
    list_no
    , institution_no
    , admission
    , max(discharge) OVER earlier AS latest
    , max_by(institution_no, discharge) OVER earlier AS latest_institution_no
    , max_by(setl_id, discharge) OVER earlier AS latest_setl_id
  FROM stay
  WHERE person IS NOT NULL AND admission IS NOT NULL AND discharge >= admission
  WINDOW earlier AS (
    PARTITION BY person ORDER BY admission, discharge, setl_id, list_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
, judged AS (
  SELECT
    *
    , coalesce(latest > admission AND CAST(latest AS DATE) > CAST(admission AS DATE)
      AND latest_institution_no <> institution_no, false) AS fails
  FROM ordered
)
SELECT
  c.check_no
  , j.list_no
  , -1 AS item_no
  , CASE WHEN j.fails THEN 'setlinfo.adm_time' END AS place
  , j.fails
  , CASE WHEN j.fails THEN CAST(j.admission AS VARCHAR) END AS value
  , CASE WHEN j.fails THEN j.latest_setl_id || ' ' || CAST(j.latest AS VARCHAR) END AS expected
FROM this_check AS c
CROSS JOIN judged AS j
