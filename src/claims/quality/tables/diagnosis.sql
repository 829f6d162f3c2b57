-- diagnosis: the diagnoses with a code
-- grain: one row per row of diseinfo with a code
-- reads: diseinfo
-- rule:  诊断 — docs/domain/quality.md#nodes
--
-- diag_type 1 or not said is Western medicine. The principal diagnosis is the flagged Western one; of several flagged
-- the first, and where none is flagged there is none.
WITH coded AS (
  SELECT
    list_no
    , item_no
    , upper(left(trim(diag_code), 1)) || substr(trim(diag_code), 2) AS code
    , diag_name AS name
    , coalesce(diag_type, '1') AS diag_type
    , is_blank(diag_type) OR diag_type = '1' AS is_western
    , maindiag_flag = '1' AS is_flagged
    , row_no
  FROM diseinfo
  WHERE NOT is_blank(diag_code)
)
, first_flagged AS (
  SELECT
    list_no
    , arg_min(item_no, CAST(row_no AS BIGINT) * 1000000000 + item_no) AS item_no
  FROM coded
  WHERE is_western AND is_flagged
  GROUP BY list_no
)
SELECT
  c.list_no
  , c.item_no
  , c.code
  , c.name
  , c.diag_type
  , c.is_western
  , coalesce(c.is_flagged, false) AS is_flagged
  , coalesce(c.is_western AND c.is_flagged AND c.item_no = f.item_no, false)
    AS is_principal
FROM coded AS c
LEFT JOIN first_flagged AS f ON f.list_no = c.list_no
