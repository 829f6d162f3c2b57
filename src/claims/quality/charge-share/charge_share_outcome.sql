-- charge_share_outcome: surgical lists where one kind of charge takes too much of the total
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, this_term, quality_parameter, quality_threshold, done_procedure, iteminfo, list_charge
-- rule:  费用占比 — docs/domain/quality.md#charge-share
--
-- expected: the sum of all charge items.
WITH surgical AS (
  SELECT DISTINCT list_no
  FROM done_procedure
  WHERE attribute IN ('surgery', 'intervention')
)
, charged AS (
  SELECT
    i.list_no
    , i.med_chrgitm
    , CAST(sum(i.amt_fen) AS BIGINT) AS fen
  FROM iteminfo AS i
  JOIN surgical AS s ON s.list_no = i.list_no
  GROUP BY i.list_no, i.med_chrgitm
)
, share AS (
  SELECT
    c.check_no
    , g.list_no
    , CAST(CASE p.value WHEN 'largest' THEN max(g.fen) ELSE sum(g.fen) END AS BIGINT) AS fen
  FROM this_check AS c
  JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'share'
  JOIN this_term AS t ON t.check_no = c.check_no
  JOIN charged AS g ON g.med_chrgitm = t.code_from
  GROUP BY c.check_no, p.value, g.list_no
)
SELECT
  h.check_no
  , l.list_no
  , -1 AS item_no
  , CASE WHEN r.fen * 100 > l.charge_fen * h.value THEN 'iteminfo.amt' END AS place
  , coalesce(r.fen * 100 > l.charge_fen * h.value, false) AS fails
  , CASE WHEN r.fen * 100 > l.charge_fen * h.value THEN yuan_text(r.fen) END AS value
  , CASE WHEN r.fen * 100 > l.charge_fen * h.value THEN yuan_text(l.charge_fen) END AS expected
FROM quality_threshold AS h
JOIN this_check AS c ON c.check_no = h.check_no AND h.name = 'max_percent'
CROSS JOIN surgical AS s
JOIN list_charge AS l ON l.list_no = s.list_no AND l.charge_fen > 0
LEFT JOIN share AS r ON r.check_no = h.check_no AND r.list_no = s.list_no
