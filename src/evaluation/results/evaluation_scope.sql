-- evaluation_scope: whom indicators are made of, with names for people
-- grain: one row per scope, id
-- reads: area_info, institution, clearing_result, evaluation_total, point_value_result
-- rule:  评价的范围 — docs/domain/evaluation.md#scopes
SELECT 'area' AS scope, '' AS id, name, CAST(NULL AS INTEGER) AS level FROM area_info
UNION ALL
SELECT 'scheme', insutype, '', NULL FROM point_value_result
UNION ALL
SELECT DISTINCT 'level', CAST(level AS VARCHAR), '', level FROM institution
UNION ALL
SELECT 'institution', fixmedins_code, name, level FROM institution
UNION ALL
SELECT DISTINCT 'group', t.id, '', NULL
FROM evaluation_total AS t
CROSS JOIN settlement_year AS y
WHERE t.scope = 'group' AND t.year = y.payment_year
ORDER BY scope, id
