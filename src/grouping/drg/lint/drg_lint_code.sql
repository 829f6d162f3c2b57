-- drg_lint_code: every code of the lists, and how often it stands on them
-- grain: one row per kind and code
-- reads: drg_lint_list
-- rule:  方案检查 — docs/domain/drg.md#lint
WITH written AS (
  SELECT 'diagnosis' AS kind, diagnoses AS codes, count(*) AS lists FROM drg_lint_list GROUP BY diagnoses
  UNION ALL
  SELECT 'procedure' AS kind, procedures AS codes, count(*) AS lists FROM drg_lint_list GROUP BY procedures
)
, code_at AS (
  SELECT kind, trim(unnest(string_split(codes, '|'))) AS code, lists FROM written
)
SELECT kind, code, CAST(sum(lists) AS BIGINT) AS lists
FROM code_at
WHERE code <> ''
GROUP BY kind, code
ORDER BY kind, code
