-- other_measure: insured persons, checked lists, uploads, special cases and groups without surplus, where there are such data
-- grain: one row per year, month (0: the year), scope, id, measure
-- reads: insured_person, quality_month, list_upload, special_case, case_adjustment, evaluation_case, evaluation_total,
--        institution, settlement_year
-- rule:  指标 — docs/domain/evaluation.md#indicators
WITH checked AS (
  SELECT
    'area' AS scope, '' AS id, month, lists, failing_lists, score2
  FROM quality_month
  UNION ALL
  SELECT 'level', CAST(i.level AS VARCHAR), q.month, q.lists, q.failing_lists, q.score2
  FROM quality_month AS q
  JOIN institution AS i ON i.fixmedins_code = q.fixmedins_code
  UNION ALL
  SELECT 'institution', q.fixmedins_code, q.month, q.lists, q.failing_lists, q.score2
  FROM quality_month AS q
  JOIN institution AS i ON i.fixmedins_code = q.fixmedins_code
)
, checked_period AS (
  SELECT
    scope
    , id
    , coalesce(month, 0) AS month
    , CAST(sum(lists) AS HUGEINT) AS checked_lists
    , CAST(sum(lists) - sum(failing_lists) AS HUGEINT) AS clean_lists
    , CAST(sum(score2) AS HUGEINT) AS quality_score2
  FROM checked
  GROUP BY GROUPING SETS ((scope, id, month), (scope, id))
)
, special AS (
  SELECT
    s.setl_id
    , CASE WHEN s.decision <> 'rejected' THEN 1 ELSE 0 END AS passed
    , coalesce(a.points4_after - a.points4_before, 0) AS added_points4
  FROM special_case AS s
  LEFT JOIN case_adjustment AS a ON a.setl_id = s.setl_id AND a.adjustment = 'special-case'
)
, one_list AS (
  SELECT
    c.month
    , CAST(c.scheme AS VARCHAR) AS insutype
    , CAST(c.level AS VARCHAR) AS level
    , i.fixmedins_code
    , CASE WHEN u.setl_id IS NOT NULL THEN 1 ELSE 0 END AS uploaded
    , CASE WHEN s.setl_id IS NOT NULL THEN 1 ELSE 0 END AS applied
    , coalesce(s.passed, 0) AS passed
    , coalesce(s.added_points4, 0) AS added_points4
  FROM evaluation_case AS c
  CROSS JOIN settlement_year AS y
  JOIN institution AS i ON i.institution_no = c.institution_no
  LEFT JOIN list_upload AS u ON u.setl_id = c.setl_id
  LEFT JOIN special AS s ON s.setl_id = c.setl_id
  WHERE c.year = y.payment_year
    AND (EXISTS (SELECT 1 FROM list_upload) OR EXISTS (SELECT 1 FROM special_case))
)
, one_list_placed AS (
  SELECT 'area' AS scope, '' AS id, * FROM one_list
  UNION ALL
  SELECT 'scheme', insutype, * FROM one_list
  UNION ALL
  SELECT 'level', level, * FROM one_list
  UNION ALL
  SELECT 'institution', fixmedins_code, * FROM one_list
)
, one_list_period AS (
  SELECT
    scope
    , id
    , coalesce(month, 0) AS month
    , sum(uploaded) AS uploaded
    , sum(applied) AS applied
    , sum(passed) AS passed
    , sum(added_points4) AS added_points4
  FROM one_list_placed
  GROUP BY GROUPING SETS ((scope, id, month), (scope, id))
)
, insured AS (
  SELECT year, 'scheme' AS scope, CAST(scheme AS VARCHAR) AS id, persons FROM insured_person
  UNION ALL
  SELECT year, 'area', '', sum(persons) FROM insured_person GROUP BY year
)
SELECT year, 0 AS month, scope, id, 'insured_persons' AS measure, CAST(persons AS HUGEINT) AS amount FROM insured
UNION ALL
SELECT y.payment_year, c.month, c.scope, c.id, c.measure, c.amount
FROM (SELECT * FROM checked_period)
  UNPIVOT (amount FOR measure IN (checked_lists, clean_lists, quality_score2)) AS c
CROSS JOIN settlement_year AS y
UNION ALL
SELECT y.payment_year, p.month, p.scope, p.id, 'uploaded_lists', CAST(p.uploaded AS HUGEINT)
FROM one_list_period AS p
CROSS JOIN settlement_year AS y
WHERE EXISTS (SELECT 1 FROM list_upload)
UNION ALL
SELECT y.payment_year, p.month, p.scope, p.id, 'special_applications', CAST(p.applied AS HUGEINT)
FROM one_list_period AS p
CROSS JOIN settlement_year AS y
WHERE EXISTS (SELECT 1 FROM special_case)
UNION ALL
SELECT y.payment_year, p.month, p.scope, p.id, 'special_cases', CAST(p.passed AS HUGEINT)
FROM one_list_period AS p
CROSS JOIN settlement_year AS y
WHERE EXISTS (SELECT 1 FROM special_case)
UNION ALL
SELECT y.payment_year, p.month, p.scope, p.id, 'special_added_points4', CAST(p.added_points4 AS HUGEINT)
FROM one_list_period AS p
CROSS JOIN settlement_year AS y
WHERE EXISTS (SELECT 1 FROM special_case)
