-- bed_charge_outcome: lists whose bed charges do not fit the days of the stay at the prices of the area
-- grain: one row per check and list it applies to
-- reads: this_check, quality_threshold, stay, iteminfo, check_institution, bed_price
-- rule:  床位费与住院天数 — docs/domain/quality.md#bed-charge
--
-- Day surgery and lists without bed charges are left out. expected: the lowest and the highest sum.
WITH charged AS (
  SELECT list_no, CAST(sum(amt_fen) AS BIGINT) AS fen
  FROM iteminfo
  WHERE med_chrgitm IN ('01', '1')
  GROUP BY list_no
  HAVING sum(amt_fen) > 0
)
, price AS (
  SELECT
    i.institution_no
    , coalesce(own.lowest_fen, every.lowest_fen) AS lowest_fen
    , coalesce(own.highest_fen, every.highest_fen) AS highest_fen
  FROM check_institution AS i
  LEFT JOIN bed_price AS own ON own.fixmedins_code = i.fixmedins_code
  LEFT JOIN bed_price AS every ON every.fixmedins_code = '*'
)
, judged AS (
  SELECT
    c.check_no
    , g.list_no
    , g.fen
    , p.lowest_fen * s.stay_days2 // 100 AS least_fen
    , p.highest_fen * (s.stay_days2 // 100 + h.value) AS most_fen
  FROM this_check AS c
  JOIN quality_threshold AS h ON h.check_no = c.check_no AND h.name = 'extra_days'
  CROSS JOIN charged AS g
  JOIN stay AS s ON s.list_no = g.list_no AND s.stay_days2 IS NOT NULL AND NOT s.is_day_surgery
  JOIN price AS p ON p.institution_no = s.institution_no AND p.lowest_fen IS NOT NULL
)
SELECT
  check_no
  , list_no
  , -1 AS item_no
  , CASE WHEN fen < least_fen OR fen > most_fen THEN 'iteminfo.amt' END AS place
  , fen < least_fen OR fen > most_fen AS fails
  , CASE WHEN fen < least_fen OR fen > most_fen THEN yuan_text(fen) END AS value
  , CASE WHEN fen < least_fen OR fen > most_fen THEN yuan_text(least_fen) || '–' || yuan_text(most_fen) END AS expected
FROM judged
