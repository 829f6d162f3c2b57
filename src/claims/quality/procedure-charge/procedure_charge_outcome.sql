-- procedure_charge_outcome: procedures without a charge, or charges without a procedure
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, this_term, quality_parameter, done_procedure, iteminfo, list_charge
-- rule:  手术与收费 — docs/domain/quality.md#procedure-charge
--
-- A surgical procedure is one that procedures.csv calls surgery or intervention.
WITH done AS (
  SELECT
    list_no
    , bool_or(attribute IN ('surgery', 'intervention')) AS is_surgical
    , min(code) FILTER (WHERE attribute IN ('surgery', 'intervention')) AS code
  FROM done_procedure
  GROUP BY list_no
)
, charged AS (
  SELECT
    t.check_no
    , i.list_no
    , sum(i.amt_fen) AS fen
  FROM this_term AS t
  JOIN iteminfo AS i ON i.med_chrgitm = t.code_from
  GROUP BY t.check_no, i.list_no
)
SELECT
  c.check_no
  , d.list_no
  , -1 AS item_no
  , CASE WHEN coalesce(g.fen, 0) <= 0 THEN 'oprninfo.oprn_oprt_code' END AS place
  , coalesce(g.fen, 0) <= 0 AS fails
  , CASE WHEN coalesce(g.fen, 0) <= 0 THEN d.code END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check AS c
JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'missing' AND p.value = 'charge'
JOIN done AS d ON d.is_surgical
LEFT JOIN charged AS g ON g.check_no = c.check_no AND g.list_no = d.list_no
UNION ALL
SELECT
  c.check_no
  , g.list_no
  , -1 AS item_no
  , CASE WHEN d.list_no IS NULL THEN 'iteminfo.amt' END AS place
  , d.list_no IS NULL AS fails
  , CASE WHEN d.list_no IS NULL THEN yuan_text(g.fen) END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check AS c
JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'missing' AND p.value = 'procedure'
JOIN charged AS g ON g.check_no = c.check_no AND g.fen > 0
LEFT JOIN done AS d ON d.list_no = g.list_no
