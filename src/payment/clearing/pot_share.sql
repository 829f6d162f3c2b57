-- pot_share: what each institution gets from each pot
-- grain: one row per scheme, pot, institution_no
-- reads: pot, institution_total
-- rule:  年度应付与最大余数 — docs/domain/clearing.md#point-value-methods
--
-- Largest remainder: everyone gets the floor of the exact share, then one fen each goes to the largest fractions,
-- ties to the smaller institution code, until the pot is used up.
WITH exact AS (
  SELECT
    p.scheme
    , p.pot
    , p.is_share
    , p.numerator
    , p.denominator
    , t.institution_no
    , t.fixmedins_code
    , CASE p.pot WHEN 'baseline' THEN t.baseline_points4 WHEN 'increment' THEN t.points4 - t.baseline_points4
        ELSE t.points4 END AS points4
  FROM pot AS p
  JOIN institution_total AS t ON t.scheme = p.scheme
)
, ranked AS (
  SELECT
    *
    , row_number() OVER (
        PARTITION BY scheme, pot ORDER BY (points4 * numerator) % denominator DESC, fixmedins_code) AS place
    , numerator - sum((points4 * numerator) // denominator) OVER (PARTITION BY scheme, pot) AS fen_left
  FROM exact
)
SELECT
  scheme
  , pot
  , institution_no
  , fixmedins_code
  , points4
  , CAST(CASE WHEN is_share THEN (points4 * numerator) // denominator + CASE WHEN place <= fen_left THEN 1 ELSE 0 END
      ELSE round_divide(points4 * numerator, denominator) END AS HUGEINT) AS amount_fen
FROM ranked
ORDER BY scheme, pot, fixmedins_code
