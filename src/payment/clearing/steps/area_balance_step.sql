-- area_balance_step: the surplus or deficit of the area (budget − amounts so far) shared between institutions and fund;
--                    the institutions' part goes by points, largest remainder
-- grain: one row per scheme, institution_no
-- reads: clearing_amount, scheme_total, policy_value
-- rule:  区域结余与超支 — docs/domain/clearing.md#area-balance
--
-- quantity_fen: the surplus (negative: deficit) of the area; factor8: the institutions' share × 10^8
WITH chosen AS (
  SELECT
    max(CASE WHEN parameter = 'clearing.area_surplus_share' THEN scaled END) AS surplus4
    , max(CASE WHEN parameter = 'clearing.area_deficit_share' THEN scaled END) AS deficit4
  FROM policy_value
)
, area AS (
  SELECT
    a.scheme
    , sum(a.points4) AS points4
    , min(s.budget_fen) - sum(a.amount_fen) AS surplus_fen
  FROM clearing_amount AS a
  JOIN scheme_total AS s ON s.scheme = a.scheme
  GROUP BY a.scheme
)
, pool AS (
  SELECT
    a.scheme
    , a.points4
    , a.surplus_fen
    , CASE WHEN a.surplus_fen < 0 THEN c.deficit4 ELSE c.surplus4 END AS share4
    , CASE WHEN a.points4 > 0 THEN round_divide(
        abs(a.surplus_fen) * CASE WHEN a.surplus_fen < 0 THEN c.deficit4 ELSE c.surplus4 END, CAST(10000 AS HUGEINT))
      ELSE 0 END AS pool_fen
  FROM area AS a
  CROSS JOIN chosen AS c
)
, floored AS (
  SELECT
    a.scheme
    , a.institution_no
    , a.fixmedins_code
    , a.amount_fen AS before_fen
    , p.surplus_fen
    , p.share4
    , p.pool_fen
    , CASE WHEN p.points4 > 0 THEN (a.points4 * p.pool_fen) // p.points4 ELSE 0 END AS floor_fen
    , CASE WHEN p.points4 > 0 THEN (a.points4 * p.pool_fen) % p.points4 ELSE 0 END AS remainder
  FROM clearing_amount AS a
  JOIN pool AS p ON p.scheme = a.scheme
)
, ranked AS (
  SELECT
    *
    , row_number() OVER (PARTITION BY scheme ORDER BY remainder DESC, fixmedins_code) AS place
    , pool_fen - sum(floor_fen) OVER (PARTITION BY scheme) AS fen_left
  FROM floored
)
SELECT
  scheme
  , institution_no
  , CASE WHEN surplus_fen < 0 THEN 'deficit' ELSE 'surplus' END AS band
  , CAST(surplus_fen AS HUGEINT) AS quantity_fen
  , share4 * 10000 AS factor8
  , CAST(before_fen + CASE WHEN surplus_fen < 0 THEN -1 ELSE 1 END
      * (floor_fen + CASE WHEN place <= fen_left THEN 1 ELSE 0 END) AS HUGEINT) AS amount_fen
FROM ranked
ORDER BY scheme, institution_no
