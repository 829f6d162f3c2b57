-- complication_share_outcome: lists with complications of institutions that have too many of them
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_threshold, stay, diagnosis, code_list
-- rule:  合并症率 — docs/domain/quality.md#complication-share
--
-- Shares in millionths; (share − area)² · institutions > deviations² · Σ (share − area)², so that nothing is divided or
-- rounded but the shares. value and expected: lists of the institution with complications and all of them.
WITH complicated AS (
  SELECT DISTINCT d.list_no
  FROM diagnosis AS d
  JOIN stay AS s ON s.list_no = d.list_no
  JOIN code_list AS l
    ON l.list IN ('cc', 'mcc') AND upper(l.code) = upper(d.code)
    AND (l.valid_from IS NULL OR s.discharge_day >= l.valid_from)
    AND (l.valid_to IS NULL OR s.discharge_day <= l.valid_to)
  WHERE d.is_western AND NOT d.is_principal
)
, counted AS (
  SELECT
    s.institution_no
    , count(*) AS lists
    , count(c.list_no) AS complicated
    , CAST(count(c.list_no) AS HUGEINT) * 1000000 // count(*) AS share6
  FROM stay AS s
  LEFT JOIN complicated AS c ON c.list_no = s.list_no
  WHERE s.asked_for
  GROUP BY s.institution_no
)
, area AS (
  SELECT CAST(sum(complicated) AS HUGEINT) * 1000000 // sum(lists) AS share6, count(*) AS institutions
  FROM counted
)
, spread AS (
  SELECT sum((i.share6 - a.share6) * (i.share6 - a.share6)) AS squares
  FROM counted AS i
  CROSS JOIN area AS a
)
, judged AS (
  SELECT
    c.check_no
    , s.list_no
    , i.lists
    , i.complicated
    , x.list_no IS NOT NULL AND i.lists >= m.value AND i.share6 > a.share6
      AND (i.share6 - a.share6) * (i.share6 - a.share6) * a.institutions > p.squares * h.value * h.value AS fails
  FROM this_check AS c
  JOIN quality_threshold AS h ON h.check_no = c.check_no AND h.name = 'max_deviations'
  JOIN quality_threshold AS m ON m.check_no = c.check_no AND m.name = 'min_lists'
  CROSS JOIN area AS a
  CROSS JOIN spread AS p
  CROSS JOIN stay AS s
  JOIN counted AS i ON i.institution_no = s.institution_no
  LEFT JOIN complicated AS x ON x.list_no = s.list_no
)
SELECT
  check_no
  , list_no
  , -1 AS item_no
  , CASE WHEN fails THEN 'diseinfo.diag_code' END AS place
  , fails
  , CASE WHEN fails THEN CAST(complicated AS VARCHAR) END AS value
  , CASE WHEN fails THEN CAST(lists AS VARCHAR) END AS expected
FROM judged
