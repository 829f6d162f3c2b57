-- demo.diseinfo: the node diseinfo of 4101
-- grain: one row per diagnosis
-- reads: demo.form_list, demo.form_mistake, demo.form_name
WITH written AS (
  SELECT
    setl_id
    , random
    , unnest(string_split(coalesce(diagnoses, ''), '|')) AS code
    , unnest(range(1, 1 + len(string_split(coalesce(diagnoses, ''), '|')))) AS place
  FROM demo.form_list
  UNION ALL
  -- what belongs to an injury, or to chemotherapy
  SELECT
    l.setl_id
    , l.random
    , CASE WHEN l.principal LIKE 'Z51%' THEN 'C34.900' ELSE 'W19.900' END AS code
    , 90 AS place
  FROM demo.form_list AS l
  WHERE (l.principal LIKE 'S%' OR l.principal LIKE 'T%' OR l.principal LIKE 'Z51.1%' OR l.principal LIKE 'Z51.0%')
    AND NOT EXISTS (SELECT 1 FROM demo.form_mistake AS m WHERE m.setl_id = l.setl_id AND m.kind = 'no-companion')
  UNION ALL
  SELECT
    l.setl_id
    , l.random
    , l.principal AS code
    , 91 AS place
  FROM demo.form_list AS l
  JOIN demo.form_mistake AS m ON m.setl_id = l.setl_id AND m.kind = 'duplicate-diagnosis'
)
, wrong AS (
  SELECT
    setl_id
    , bool_or(kind = 'two-principal') AS two
    , bool_or(kind = 'no-principal') AS none
    , bool_or(kind = 'unknown-diagnosis') AS unknown
    , bool_or(kind = 'wrong-name') AS misnamed
    , bool_or(kind = 'principal-absent-at-admission') AS absent
    , bool_or(kind = 'not-settled') AS not_settled
  FROM demo.form_mistake
  GROUP BY setl_id
)
SELECT
  CASE WHEN coalesce(w.not_settled, false) THEN 'X' || l.setl_id ELSE l.setl_id END AS setl_id
  , '1' AS diag_type
  , CASE WHEN l.place = 2 AND coalesce(w.unknown, false) THEN left(l.code, 3) || '.9X9' ELSE l.code END AS diag_code
  , CASE WHEN l.place = 1 AND coalesce(w.misnamed, false) THEN n.name || '？' ELSE coalesce(n.name, l.code) END AS diag_name
  , CASE WHEN l.place = 1 AND coalesce(w.absent, false) THEN '4' ELSE '1' END AS adm_cond_type
  , CASE WHEN (l.place = 1 AND NOT coalesce(w.none, false)) OR (l.place = 2 AND coalesce(w.two, false)) THEN '1' ELSE '0' END
    AS maindiag_flag
FROM written AS l
LEFT JOIN wrong AS w ON w.setl_id = l.setl_id
LEFT JOIN demo.form_name AS n ON n.code = l.code
WHERE l.code <> ''
ORDER BY l.setl_id, l.place
