-- evaluation_return: days since the person was discharged before, and stays that overlap an earlier one
-- grain: one row per list_no of a person with more than one stay in the two years
-- reads: evaluation_case, excepted_signature, readmission_reason
-- rule:  再住院 — docs/domain/evaluation.md#readmission
--
-- The same disease: the first three characters of the principal diagnosis. Chemotherapy and the like, and stays with a
-- reason in readmission_reasons.csv, have no days. Days from discharge to admission, 0 on one day; the stay before is the
-- last one that had ended by the admission, in any scheme. Admissions and discharges are put in one order: on one day
-- discharges come before admissions, and of stays that begin and end on one day the smaller id is the earlier.
-- A window and no join: a person id that stands on very many lists must not make pairs without end.
WITH repeated AS (
  SELECT person, row_number() OVER (ORDER BY person) AS person_no
  FROM evaluation_case
  WHERE person IS NOT NULL
  GROUP BY person
  HAVING count(*) > 1
)
, stay AS (
  SELECT
    c.list_no, c.setl_id, p.person_no, c.institution_no, left(c.diagnosis, 3) AS disease
    , c.admission_date, c.discharge_date
    , x.diagnosis IS NOT NULL OR e.setl_id IS NOT NULL AS is_excepted
  FROM evaluation_case AS c
  JOIN repeated AS p ON p.person = c.person
  LEFT JOIN excepted_signature AS x ON x.diagnosis = c.diagnosis AND x.procedures = c.procedures
  LEFT JOIN (SELECT DISTINCT setl_id FROM readmission_reason) AS e ON e.setl_id = c.setl_id
)
, event AS (
  SELECT
    list_no, setl_id, person_no, institution_no, disease, false AS is_discharge, admission_date AS day
    , CASE WHEN admission_date = discharge_date THEN 1 ELSE 2 END AS phase
    , CAST(NULL AS DATE) AS discharged
    , is_excepted
  FROM stay
  UNION ALL
  SELECT
    list_no, setl_id, person_no, institution_no, disease, true, discharge_date
    , CASE WHEN admission_date = discharge_date THEN 1 ELSE 0 END
    , discharge_date
    , is_excepted
  FROM stay
)
, looked_back AS (
  SELECT
    list_no
    , is_discharge
    , is_excepted
    , day - max(discharged) OVER same_disease AS same_disease_days
    , day - max(discharged) OVER same_place AS same_place_days
    , day - max(discharged) OVER any_disease AS any_days
    , last_value(CASE WHEN is_discharge THEN setl_id END IGNORE NULLS) OVER same_disease AS earlier_setl_id
  FROM event
  WINDOW
    same_disease AS (PARTITION BY person_no, disease ORDER BY day, phase, setl_id, is_discharge
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    , same_place AS (PARTITION BY person_no, disease, institution_no ORDER BY day, phase, setl_id, is_discharge
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    , any_disease AS (PARTITION BY person_no ORDER BY day, phase, setl_id, is_discharge
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
, overlapping AS (
  SELECT
    list_no
    , admission_date
    , max(discharge_date) OVER before AS latest_discharge
    , arg_max(setl_id, (discharge_date, setl_id)) OVER before AS overlapped_setl_id
  FROM stay
  WINDOW before AS (PARTITION BY person_no ORDER BY admission_date, discharge_date, setl_id
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT
  b.list_no
  , CASE WHEN NOT b.is_excepted THEN CAST(b.same_disease_days AS INTEGER) END AS same_disease_days
  , CASE WHEN NOT b.is_excepted THEN CAST(b.same_place_days AS INTEGER) END AS same_place_days
  , CASE WHEN NOT b.is_excepted THEN CAST(b.any_days AS INTEGER) END AS any_days
  , b.earlier_setl_id
  , CASE WHEN o.latest_discharge > o.admission_date THEN o.overlapped_setl_id END AS overlapped_setl_id
FROM looked_back AS b
JOIN overlapping AS o ON o.list_no = b.list_no
WHERE NOT b.is_discharge
ORDER BY b.list_no
