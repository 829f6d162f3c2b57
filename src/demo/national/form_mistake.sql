-- demo.form_mistake: the lists with a mistake of a kind
-- grain: one row per list and mistake
-- reads: demo.form_list, demo.mistake
--
-- Every kind is drawn apart, so that a list may hold several. Some institutions are sloppier than others, and all of them
-- get better through the year.
SELECT
  l.setl_id
  , m.kind
FROM demo.form_list AS l
JOIN demo.mistake AS m
  ON form_draw(l.random, 1000 + m.mistake_no, 100000) < m.per_100000 * l.sloppiness * (18 - month(l.dscg_day)) // 60
