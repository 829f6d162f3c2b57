-- exactly_one_outcome: lists whose principal diagnosis or procedure is not one
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, quality_parameter, stay, diagnosis, done_procedure
-- rule:  恰有一个 — docs/domain/quality.md#exactly-one
--
-- A list without any procedure needs no principal one.
WITH flagged AS (
  SELECT
    'principal_diagnosis' AS what
    , list_no
    , count(*) FILTER (WHERE is_flagged) AS flagged
  FROM diagnosis
  WHERE is_western
  GROUP BY list_no
  UNION ALL
  SELECT
    'principal_procedure' AS what
    , list_no
    , count(*) FILTER (WHERE is_principal) AS flagged
  FROM done_procedure
  GROUP BY list_no
)
, judged AS (
  SELECT
    c.check_no
    , s.list_no
    , p.value AS what
    , coalesce(f.flagged, 0) AS flagged
  FROM this_check AS c
  JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'what'
  CROSS JOIN stay AS s
  LEFT JOIN flagged AS f ON f.what = p.value AND f.list_no = s.list_no
  WHERE p.value = 'principal_diagnosis' OR f.list_no IS NOT NULL
)
SELECT
  check_no
  , list_no
  , -1 AS item_no
  , CASE
      WHEN flagged = 1 THEN NULL
      WHEN what = 'principal_diagnosis' THEN 'diseinfo.maindiag_flag'
      ELSE 'oprninfo.oprn_oprt_type'
    END AS place
  , flagged <> 1 AS fails
  , CASE WHEN flagged <> 1 THEN CAST(flagged AS VARCHAR) END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM judged
