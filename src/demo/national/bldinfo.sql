-- demo.bldinfo: the node bldinfo of 4101A
-- grain: one row per transfusion
-- reads: demo.form_list, demo.form_mistake
SELECT
  CASE WHEN n.setl_id IS NULL THEN l.setl_id ELSE 'X' || l.setl_id END AS setl_id
  , '1' AS bld_cat
  , CASE WHEN m.setl_id IS NULL THEN CAST(2 + form_draw(l.random, 60, 4) AS VARCHAR) ELSE '0' END AS bld_amt
  , 'U' AS bld_unt
FROM demo.form_list AS l
LEFT JOIN demo.form_mistake AS m ON m.setl_id = l.setl_id AND m.kind = 'blood'
LEFT JOIN demo.form_mistake AS n ON n.setl_id = l.setl_id AND n.kind = 'not-settled'
WHERE l.total_fen > 2000000 AND form_draw(l.random, 61, 10) < 2
ORDER BY l.setl_id
