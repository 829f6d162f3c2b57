-- history_points: cost and points of each history year, scheme and institution, for the start-of-year point value; the
--                 cases beyond the limits of trim_limit are left out
-- grain: one row per year, scheme, institution_no
-- reads: scored_list, settlement_year, trim_limit
-- rule:  年初点值 — docs/domain/dip.md#point-values
SELECT
  s.year
  , s.scheme
  , s.institution_no
  , sum(CASE WHEN t.group_no IS NULL OR s.cost_fen * CAST(10000 AS HUGEINT) BETWEEN t.low4 AND t.high4 THEN 1 ELSE 0 END)
    AS cases
  , count(*) AS cases_before_trimming
  , sum(CASE WHEN t.group_no IS NULL OR s.cost_fen * CAST(10000 AS HUGEINT) BETWEEN t.low4 AND t.high4
      THEN s.cost_fen ELSE 0 END) AS cost_fen
  , sum(CASE WHEN t.group_no IS NULL OR s.cost_fen * CAST(10000 AS HUGEINT) BETWEEN t.low4 AND t.high4
      THEN s.points4 ELSE 0 END) AS points4
FROM scored_list AS s
CROSS JOIN settlement_year AS y
LEFT JOIN trim_limit AS t ON t.group_no = s.group_no
WHERE s.year < y.payment_year
GROUP BY s.year, s.scheme, s.institution_no
ORDER BY s.year, s.scheme, s.institution_no
