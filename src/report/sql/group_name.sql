-- group_name: a name a person can read for each group, from the names of the codes
-- grain: one row per group of group_result; every part is NULL when the code has no name
-- reads: group_result, code_name
-- rule:  病种名称 — docs/domain/dip.md#keys
--
-- diagnosis_name: of the "unspecified" code of the category (K35.9 → K35.900), otherwise of the shortest code that
-- starts with the category. procedure_names: the names of the procedures in the key, in its order.
WITH keyed AS (
  SELECT
    group_code
    , kind
    , CASE WHEN kind = 'comprehensive' THEN regexp_replace(group_code, '-[^-]*$', '')
      ELSE split_part(group_code, '+', 1) END AS category
  FROM group_result
)
, category_length AS (
  SELECT DISTINCT length(category) AS characters FROM keyed
)
, prefix AS (
  SELECT substr(n.code, 1, l.characters) AS category, n.code, n.name
  FROM code_name AS n
  CROSS JOIN category_length AS l
)
, ranked AS (
  SELECT
    category
    , name
    , row_number() OVER (
        PARTITION BY category
        ORDER BY CASE WHEN code = category THEN 0
          WHEN code = category || '00' THEN 1
          WHEN code = category || '.900' THEN 1
          ELSE 2 END
          , length(code), code, name) AS place
  FROM prefix
)
, part AS (
  SELECT group_code, unnest(string_split(group_code, '+')[2:]) AS code
  FROM keyed
  WHERE kind <> 'comprehensive'
)
, named_code AS (
  SELECT code, min(name) AS name FROM code_name GROUP BY code
)
, named_procedure AS (
  SELECT p.group_code, string_agg(coalesce(n.name, p.code), ' + ' ORDER BY p.code) AS procedure_names
  FROM part AS p
  LEFT JOIN named_code AS n ON n.code = p.code
  GROUP BY p.group_code
  HAVING count(n.name) > 0
)
SELECT
  k.group_code
  , r.name AS diagnosis_name
  , q.procedure_names
FROM keyed AS k
LEFT JOIN ranked AS r ON r.category = k.category AND r.place = 1
LEFT JOIN named_procedure AS q ON q.group_code = k.group_code
ORDER BY k.group_code
