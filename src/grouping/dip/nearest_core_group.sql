-- nearest_core_group: step (b): for a full key that is not core, the core group of its diagnosis whose procedures are
--                     a non-empty subset of its own: most procedures first, then higher score, then smaller code
-- grain: one row per full_key that has such a group
-- reads: signature_key, core_group, group_score
-- rule:  入组 (b) — docs/domain/dip.md#assignment
WITH open_key AS (
  SELECT DISTINCT k.full_key, k.core_diagnosis, k.eligible_procedures
  FROM signature_key AS k
  ANTI JOIN core_group AS c ON c.group_code = k.full_key
  WHERE k.eligible_procedures IS NOT NULL
)
, key_procedure AS (
  SELECT full_key, core_diagnosis, unnest(string_split(eligible_procedures, '+')) AS code FROM open_key
)
, group_procedure AS (
  SELECT group_code, core_diagnosis, procedure_count, unnest(string_split(eligible_procedures, '+')) AS code
  FROM core_group
  WHERE procedure_count > 0
)
, candidate AS (
  SELECT k.full_key, g.group_code, g.procedure_count
  FROM key_procedure AS k
  JOIN group_procedure AS g ON g.core_diagnosis = k.core_diagnosis AND g.code = k.code
  GROUP BY k.full_key, g.group_code, g.procedure_count
  HAVING count(*) = g.procedure_count
)
, ranked AS (
  SELECT
    c.full_key
    , c.group_code
    , row_number() OVER (
        PARTITION BY c.full_key ORDER BY c.procedure_count DESC, s.score4 DESC, c.group_code
      ) AS place
  FROM candidate AS c
  JOIN group_score AS s ON s.group_code = c.group_code
)
SELECT full_key, group_code FROM ranked WHERE place = 1 ORDER BY full_key
