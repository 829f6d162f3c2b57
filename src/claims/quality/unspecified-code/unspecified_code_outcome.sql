-- unspecified_code_outcome: unspecified diagnoses beside a specific one of the same category
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, diagnosis
-- rule:  未特指编码 — docs/domain/quality.md#unspecified-code
WITH category AS (
  SELECT
    list_no
    , left(code, 3) AS category
    , count(*) FILTER (WHERE substr(code, 4, 2) = '.9') AS unspecified
    , count(*) FILTER (WHERE regexp_full_match(substr(code, 4, 2), '\.[0-8]')) AS specific
    , max(item_no) FILTER (WHERE substr(code, 4, 2) = '.9') AS item_no
    , max(code) FILTER (WHERE substr(code, 4, 2) = '.9') AS code
  FROM diagnosis
  WHERE is_western
  GROUP BY list_no, left(code, 3)
)
SELECT
  c.check_no
  , d.list_no
  , coalesce(d.item_no, -1) AS item_no
  , CASE WHEN d.unspecified > 0 AND d.specific > 0 THEN 'diseinfo.diag_code' END AS place
  , d.unspecified > 0 AND d.specific > 0 AS fails
  , CASE WHEN d.unspecified > 0 AND d.specific > 0 THEN d.code END AS value
  , CASE WHEN d.unspecified > 0 AND d.specific > 0 THEN d.category END AS expected
FROM this_check AS c
CROSS JOIN category AS d
