-- typing_diagnosis: the lists that the diagnoses of a case are in, and the weight of its other diagnoses
-- grain: one row per distinct diagnoses text
-- reads: typing_fact, diagnosis_list, diagnosis_list_exception, typing_parameter
-- rule:  辅助分型 — docs/domain/dip.md#typing
--
-- The principal diagnosis is never one of the others, not even when written twice. Of codes with the same first three
-- characters only the highest weight counts.
WITH written AS (
  SELECT DISTINCT diagnoses FROM typing_fact
)
, code_at AS (
  SELECT
    diagnoses
    , trim(unnest(string_split(diagnoses, '|'))) AS code
    , generate_subscripts(string_split(diagnoses, '|'), 1) AS position
  FROM written
)
, principal AS (
  SELECT diagnoses, code AS principal FROM code_at WHERE position = 1
)
, other AS (
  SELECT DISTINCT c.diagnoses, p.principal, c.code
  FROM code_at AS c
  JOIN principal AS p ON p.diagnoses = c.diagnoses
  WHERE c.position > 1 AND c.code <> '' AND c.code <> p.principal
)
, distinct_code AS (
  SELECT DISTINCT code FROM code_at WHERE code <> ''
)
, code_entry AS (
  SELECT c.code, l.list_no, l.weight, l.entry_no
  FROM distinct_code AS c
  JOIN diagnosis_list AS l ON starts_with(c.code, l.code)
)
, counted AS (
  SELECT o.diagnoses, o.principal, o.code, e.list_no, e.weight
  FROM other AS o
  JOIN code_entry AS e ON e.code = o.code
  WHERE NOT EXISTS (
    SELECT 1
    FROM diagnosis_list_exception AS x
    WHERE x.entry_no = e.entry_no AND starts_with(o.principal, x.principal)
  )
)
, other_bit AS (
  SELECT
    diagnoses
    , bit_or(CAST(1 AS BIGINT) << list_no) AS other_lists
    , bit_or(CASE WHEN left(code, 3) <> left(principal, 3) THEN CAST(1 AS BIGINT) << list_no
                  ELSE CAST(0 AS BIGINT) END) AS elsewhere_lists
  FROM counted
  GROUP BY diagnoses
)
, category_weight AS (
  SELECT c.diagnoses, left(c.code, 3) AS category, max(c.weight) AS weight
  FROM counted AS c
  JOIN typing_parameter AS p ON p.weight_list_no = c.list_no
  GROUP BY c.diagnoses, left(c.code, 3)
)
, weight AS (
  SELECT diagnoses, sum(weight) AS weight FROM category_weight GROUP BY diagnoses
)
, principal_bit AS (
  SELECT p.diagnoses, bit_or(CAST(1 AS BIGINT) << e.list_no) AS principal_lists
  FROM principal AS p
  JOIN code_entry AS e ON e.code = p.principal
  GROUP BY p.diagnoses
)
SELECT
  t.diagnoses
  , coalesce(p.principal_lists, 0) AS principal_lists
  , coalesce(o.other_lists, 0) AS other_lists
  , coalesce(o.elsewhere_lists, 0) AS elsewhere_lists
  , CAST(coalesce(w.weight, 0) AS INTEGER) AS weight
FROM written AS t
LEFT JOIN principal_bit AS p ON p.diagnoses = t.diagnoses
LEFT JOIN other_bit AS o ON o.diagnoses = t.diagnoses
LEFT JOIN weight AS w ON w.diagnoses = t.diagnoses
