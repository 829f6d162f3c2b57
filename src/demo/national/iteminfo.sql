-- demo.iteminfo: the node iteminfo of 4101
-- grain: one row per list and kind of charge
-- reads: demo.form_list, demo.form_mistake, demo.form_procedure
--
-- The total fee is split by shares; drugs take what is left, so that every fen is there.
WITH surgical AS (
  SELECT DISTINCT l.setl_id
  FROM (SELECT setl_id, unnest(string_split(procedures_text, '|')) AS code FROM demo.form_list) AS l
  JOIN demo.form_procedure AS p ON p.code = l.code AND p.attribute IN ('surgery', 'intervention')
)
, wrong AS (
  SELECT
    setl_id
    , bool_or(kind = 'row-sum') AS row_sum
    , bool_or(kind = 'total') AS total
    , bool_or(kind = 'negative') AS negative
    , bool_or(kind = 'bad-charge-code') AS bad_code
    , bool_or(kind = 'no-surgery-charge') AS uncharged
    , bool_or(kind = 'not-settled') AS not_settled
  FROM demo.form_mistake
  GROUP BY setl_id
)
, split AS (
  SELECT
    l.setl_id
    , l.random
    , l.total_fen
    , k.code
    , CASE
        WHEN k.surgical_share > 0 AND s.setl_id IS NOT NULL AND NOT coalesce(w.uncharged, false)
          THEN l.total_fen * k.surgical_share // 100
        ELSE l.total_fen * k.share // 100
      END AS fen
  FROM demo.form_list AS l
  CROSS JOIN (VALUES ('01', 4, 4), ('02', 2, 2), ('03', 18, 12), ('04', 14, 10), ('05', 0, 8), ('06', 0, 18), ('07', 3, 3)
    , ('08', 0, 16)) AS k(code, share, surgical_share)
  LEFT JOIN surgical AS s ON s.setl_id = l.setl_id
  LEFT JOIN wrong AS w ON w.setl_id = l.setl_id
)
, charged AS (
  SELECT setl_id, random, code, fen FROM split
  UNION ALL
  SELECT setl_id, any_value(random) AS random, '09' AS code, min(total_fen) - sum(fen) AS fen FROM split GROUP BY setl_id
)
, parted AS (
  SELECT
    c.setl_id
    , c.code
    , CAST(c.fen AS BIGINT) AS fen
    , CAST(c.fen * (50 + form_draw(c.random, 40, 20)) // 100 AS BIGINT) AS class_a
    , CAST(c.fen * (15 + form_draw(c.random, 41, 10)) // 100 AS BIGINT) AS class_b
    , CAST(c.fen * form_draw(c.random, 42, 5) // 100 AS BIGINT) AS own
  FROM charged AS c
  WHERE c.fen > 0
)
SELECT
  CASE WHEN coalesce(w.not_settled, false) THEN 'X' || p.setl_id ELSE p.setl_id END AS setl_id
  , CASE WHEN p.code = '02' AND coalesce(w.bad_code, false) THEN '2' ELSE p.code END AS med_chrgitm
  , form_yuan(p.fen + CASE WHEN p.code = '09' AND coalesce(w.total, false) THEN 120 ELSE 0 END) AS amt
  , form_yuan(p.class_a + CASE WHEN p.code = '09' AND coalesce(w.total, false) THEN 120 ELSE 0 END) AS claa_sumfee
  , form_yuan(p.class_b) AS clab_amt
  , form_yuan(p.own) AS fulamt_ownpay_amt
  , form_yuan(CASE WHEN p.code = '04' AND coalesce(w.negative, false) THEN p.class_a + p.class_b - p.fen - p.own - 1
      ELSE p.fen - p.class_a - p.class_b - p.own END
      + CASE WHEN p.code = '03' AND coalesce(w.row_sum, false) THEN 88 ELSE 0 END) AS oth_amt
FROM parted AS p
LEFT JOIN wrong AS w ON w.setl_id = p.setl_id
ORDER BY p.setl_id, p.code
