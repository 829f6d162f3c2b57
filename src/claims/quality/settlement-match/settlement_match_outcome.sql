-- settlement_match_outcome: lists that do not agree with what was settled under their id
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, setlinfo, stay, settled_list, check_institution
-- rule:  与结算一致 — docs/domain/quality.md#settlement-match
--
-- A settlement taken back leaves a sum of zero: the pair of both amounts.
WITH settled AS (
  SELECT
    setl_id
    , min(psn_no) AS psn_no
    , min(fixmedins_code) AS fixmedins_code
    , CAST(sum(total_fen) AS BIGINT) AS total_fen
  FROM settled_list
  GROUP BY setl_id
)
, compared AS (
  SELECT
    s.list_no
    , s.setl_id
    , t.setl_id AS settled_id
    , l.psn_no
    , t.psn_no AS settled_psn_no
    , l.fixmedins_code
    , t.fixmedins_code AS settled_fixmedins_code
    , s.total_fen
    , t.total_fen AS settled_fen
  FROM stay AS s
  JOIN setlinfo AS l ON l.list_no = s.list_no
  LEFT JOIN settled AS t ON t.setl_id = s.setl_id
  WHERE s.setl_id <> ''
)
, judged AS (
  SELECT list_no, 'setlinfo.setl_id' AS place, settled_id IS NULL OR coalesce(settled_fen <= 0, false) AS fails, setl_id AS value,
    coalesce(yuan_text(settled_fen), '—') AS expected FROM compared
  UNION ALL
  SELECT list_no, 'setlinfo.psn_no' AS place, psn_no <> settled_psn_no AS fails, psn_no AS value, settled_psn_no AS expected
  FROM compared WHERE psn_no <> settled_psn_no
  UNION ALL
  SELECT list_no, 'setlinfo.fixmedins_code' AS place, true AS fails, fixmedins_code AS value,
    settled_fixmedins_code AS expected FROM compared WHERE fixmedins_code <> settled_fixmedins_code
  UNION ALL
  SELECT list_no, 'setlinfo.medfee_sumamt' AS place, true AS fails, yuan_text(total_fen) AS value,
    yuan_text(settled_fen) AS expected FROM compared WHERE abs(total_fen - settled_fen) > 1
)
SELECT
  c.check_no
  , j.list_no
  , -1 AS item_no
  , CASE WHEN j.fails THEN j.place END AS place
  , j.fails
  , CASE WHEN j.fails THEN j.value END AS value
  , CASE WHEN j.fails THEN j.expected END AS expected
FROM this_check AS c
CROSS JOIN judged AS j
