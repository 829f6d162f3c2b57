-- cost_outlier_outcome: total fees at the far ends of their disease, or zero
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_threshold, stay, diagnosis
-- rule:  费用离群 — docs/domain/quality.md#cost-outlier
--
-- cheaper and dearer count the lists of the category up to and from this fee, ties and itself included.
WITH disease AS (
  SELECT
    d.list_no
    , left(d.code, 3) AS category
    , s.total_fen
  FROM diagnosis AS d
  JOIN stay AS s ON s.list_no = d.list_no
  WHERE d.is_principal AND s.total_fen IS NOT NULL
)
, placed AS (
  SELECT
    list_no
    , category
    , total_fen
    , count(*) OVER (PARTITION BY category) AS cases
    , count(*) OVER (PARTITION BY category ORDER BY total_fen) AS cheaper
  FROM disease
)
, both_ends AS (
  SELECT
    list_no
    , category
    , total_fen
    , cases
    , cheaper
    , cases - cheaper + count(*) OVER (PARTITION BY category, total_fen) AS dearer
  FROM placed
)
, judged AS (
  SELECT
    c.check_no
    , e.list_no
    , e.total_fen
    , e.category
    , e.total_fen <= 0 OR (
        e.cases >= least_cases.value
        AND (e.cheaper <= e.cases * tail.value // 10000 OR e.dearer <= e.cases * tail.value // 10000)) AS fails
  FROM this_check AS c
  JOIN quality_threshold AS least_cases ON least_cases.check_no = c.check_no AND least_cases.name = 'min_cases'
  JOIN quality_threshold AS tail ON tail.check_no = c.check_no AND tail.name = 'tail_per_10000'
  CROSS JOIN both_ends AS e
)
SELECT
  check_no
  , list_no
  , -1 AS item_no
  , CASE WHEN fails THEN 'setlinfo.medfee_sumamt' END AS place
  , fails
  , CASE WHEN fails THEN yuan_text(total_fen) END AS value
  , CASE WHEN fails THEN category END AS expected
FROM judged
