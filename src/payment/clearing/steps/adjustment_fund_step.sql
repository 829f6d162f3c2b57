-- adjustment_fund_step: what the amounts exceed the budget by is paid from the adjustment fund as far as it reaches; the
--                       rest is taken off the overspend that the step bands has paid, in proportion to it
-- grain: one row per scheme, institution_no
-- reads: clearing_amount, clearing_line, scheme_total, adjustment_fund
-- rule:  调剂金 — docs/domain/clearing.md#adjustment-fund
--
-- quantity_fen: the fund available to the scheme
WITH area AS (
  SELECT
    a.scheme
    , sum(a.amount_fen) - min(s.budget_fen) AS over_fen
    , coalesce(min(f.available_fen), 0) AS available_fen
  FROM clearing_amount AS a
  JOIN scheme_total AS s ON s.scheme = a.scheme
  LEFT JOIN adjustment_fund AS f ON f.scheme = a.scheme
  GROUP BY a.scheme
)
, added AS (
  SELECT
    a.scheme
    , a.institution_no
    , a.fixmedins_code
    , a.amount_fen AS before_fen
    , greatest(coalesce(l.change_fen, 0), 0) AS added_fen
  FROM clearing_amount AS a
  LEFT JOIN clearing_line AS l ON l.scheme = a.scheme AND l.institution_no = a.institution_no AND l.step = 'bands'
)
, cut AS (
  SELECT
    d.scheme
    , sum(d.added_fen) AS added_fen
    , min(r.over_fen) AS over_fen
    , min(r.available_fen) AS available_fen
    , least(greatest(min(r.over_fen) - min(r.available_fen), 0), sum(d.added_fen)) AS cut_fen
  FROM added AS d
  JOIN area AS r ON r.scheme = d.scheme
  GROUP BY d.scheme
)
, floored AS (
  SELECT
    d.scheme
    , d.institution_no
    , d.fixmedins_code
    , d.before_fen
    , c.available_fen
    , c.over_fen
    , c.cut_fen
    , CASE WHEN c.added_fen > 0 THEN (d.added_fen * c.cut_fen) // c.added_fen ELSE 0 END AS floor_fen
    , CASE WHEN c.added_fen > 0 THEN (d.added_fen * c.cut_fen) % c.added_fen ELSE 0 END AS remainder
  FROM added AS d
  JOIN cut AS c ON c.scheme = d.scheme
)
, ranked AS (
  SELECT
    *
    , row_number() OVER (PARTITION BY scheme ORDER BY remainder DESC, fixmedins_code) AS place
    , cut_fen - sum(floor_fen) OVER (PARTITION BY scheme) AS fen_left
  FROM floored
)
SELECT
  scheme
  , institution_no
  , CASE WHEN over_fen <= 0 THEN 'not-needed' WHEN cut_fen > 0 THEN 'cut' ELSE 'covered' END AS band
  , CAST(available_fen AS HUGEINT) AS quantity_fen
  , CAST(NULL AS BIGINT) AS factor8
  , CAST(before_fen - floor_fen - CASE WHEN place <= fen_left THEN 1 ELSE 0 END AS HUGEINT) AS amount_fen
FROM ranked
ORDER BY scheme, institution_no
