-- adjusted_readmission: stays after which the person comes back into the same group too soon keep a share of their points
-- grain: one row per setl_id (of the earlier stay)
-- reads: case_score, signature, case_fact, readmission_reason, policy_value
-- rule:  短期再住院 — docs/domain/drg-payment.md#readmission
--
-- The earlier stay is the last one of the person in this group and scheme that ended before the readmission. A
-- readmission with a reason, or with an excepted principal diagnosis, does not count.
WITH rule AS (
  SELECT
    max(CASE WHEN parameter = 'readmission.days' THEN scaled END) AS days
    , max(CASE WHEN parameter = 'readmission.factor' THEN scaled END) AS factor4
    , max(CASE WHEN parameter = 'readmission.institution' THEN value END) AS institution
  FROM policy_value
)
, excepted AS (
  SELECT unnest(string_split(replace(value, ' ', ''), '|')) AS diagnosis_start
  FROM policy_value
  WHERE parameter = 'readmission.excepted_diagnoses'
)
, stay AS (
  SELECT
    c.setl_id, d.diagnosis, c.points4, c.scheme, c.group_no, f.person, f.admission_date, f.discharge_date
    , CASE WHEN r.institution = 'same' THEN c.institution_no ELSE -1 END AS place
  FROM case_score AS c
  CROSS JOIN rule AS r
  JOIN signature AS d ON d.signature_no = c.signature_no
  JOIN case_fact AS f ON f.setl_id = c.setl_id
  WHERE c.group_no <> 0 AND f.person <> ''
)
, counted_return AS (
  SELECT s.*
  FROM stay AS s
  ANTI JOIN readmission_reason AS e ON e.setl_id = s.setl_id
  ANTI JOIN excepted AS x ON x.diagnosis_start <> '' AND starts_with(s.diagnosis, x.diagnosis_start)
)
, pair AS (
  SELECT
    s.setl_id
    , s.points4
    , b.setl_id AS returned
    , b.admission_date
    , row_number() OVER (PARTITION BY b.setl_id ORDER BY s.discharge_date DESC, s.setl_id DESC) AS place
  FROM counted_return AS b
  CROSS JOIN rule AS r
  JOIN stay AS s
    ON s.person = b.person
    AND s.scheme = b.scheme
    AND s.group_no = b.group_no
    AND s.place = b.place
    AND s.setl_id <> b.setl_id
    AND s.discharge_date <= b.admission_date
    AND b.admission_date - s.discharge_date <= r.days
    -- two stays of one day: the smaller id is the earlier
    AND (s.discharge_date < b.discharge_date OR s.setl_id < b.setl_id)
)
SELECT
  p.setl_id
  , CAST(round_divide(CAST(min(p.points4) AS HUGEINT) * min(r.factor4), CAST(10000 AS HUGEINT)) AS BIGINT) AS points4
  , CAST(NULL AS BIGINT) AS amount_fen
  , min(p.returned) AS reference
FROM pair AS p
CROSS JOIN rule AS r
WHERE p.place = 1
GROUP BY p.setl_id
