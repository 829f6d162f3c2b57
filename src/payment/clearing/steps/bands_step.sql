-- bands_step: retained surplus and shared overspend: the amount compared with the fund money booked
-- grain: one row per scheme, institution_no
-- reads: clearing_amount, audit_total, policy_value, policy_band
-- rule:  结余留用与超支分担 — docs/domain/clearing.md#bands
--
-- booked / amount below the low ratio: the booked is paid; up to 1: the share of the surplus is kept; above 1: each
-- band of the overspend is paid its share. quantity_fen: the booked.
WITH chosen AS (
  SELECT
    max(CASE WHEN parameter = 'clearing.booked' THEN value END) AS booked
    , max(CASE WHEN parameter = 'clearing.surplus_low_ratio' THEN scaled END) AS low4
    , max(CASE WHEN parameter = 'clearing.surplus_share' THEN scaled END) AS share4
  FROM policy_value
)
, compared AS (
  SELECT
    a.scheme
    , a.institution_no
    , a.amount_fen AS before_fen
    , a.booked_fen - CASE WHEN c.booked = 'after-audit' THEN coalesce(d.deduction_fen, 0) ELSE 0 END AS booked_fen
    , c.low4
    , c.share4
  FROM clearing_amount AS a
  CROSS JOIN chosen AS c
  LEFT JOIN audit_total AS d ON d.scheme = a.scheme AND d.institution_no = a.institution_no
)
, overspend_band AS (
  SELECT band_no, up_to4, value4, coalesce(lag(up_to4) OVER (ORDER BY band_no), 0) AS above4
  FROM policy_band
  WHERE parameter = 'clearing.overspend_bands'
)
, overspend AS (
  SELECT
    c.scheme
    , c.institution_no
    , round_divide(sum(b.value4 * greatest(
        least(c.booked_fen * 10000, coalesce(c.before_fen * b.up_to4, c.booked_fen * 10000))
          - c.before_fen * greatest(b.above4, 10000), 0)), CAST(100000000 AS HUGEINT)) AS shared_fen
    , max(CASE WHEN c.booked_fen * 10000 > c.before_fen * b.above4
        AND (b.up_to4 IS NULL OR c.booked_fen * 10000 <= c.before_fen * b.up_to4) THEN b.value4 END) AS value4
  FROM compared AS c
  CROSS JOIN overspend_band AS b
  WHERE c.before_fen > 0 AND c.booked_fen > c.before_fen
  GROUP BY c.scheme, c.institution_no
)
SELECT
  c.scheme
  , c.institution_no
  , CASE
      WHEN c.before_fen <= 0 THEN 'nothing-due'
      WHEN c.booked_fen * 10000 < c.before_fen * c.low4 THEN 'below-low'
      WHEN c.booked_fen <= c.before_fen THEN 'surplus'
      WHEN o.value4 > 0 THEN 'overspend-shared'
      ELSE 'overspend-capped' END AS band
  , CAST(c.booked_fen AS HUGEINT) AS quantity_fen
  , CASE
      WHEN c.before_fen <= 0 OR c.booked_fen * 10000 < c.before_fen * c.low4 THEN NULL
      WHEN c.booked_fen <= c.before_fen THEN c.share4 * 10000
      ELSE o.value4 * 10000 END AS factor8
  , CAST(CASE
      WHEN c.before_fen <= 0 THEN c.before_fen
      WHEN c.booked_fen * 10000 < c.before_fen * c.low4 THEN c.booked_fen
      WHEN c.booked_fen <= c.before_fen
        THEN c.booked_fen + round_divide((c.before_fen - c.booked_fen) * c.share4, CAST(10000 AS HUGEINT))
      ELSE c.before_fen + o.shared_fen END AS HUGEINT) AS amount_fen
FROM compared AS c
LEFT JOIN overspend AS o ON o.scheme = c.scheme AND o.institution_no = c.institution_no
ORDER BY c.scheme, c.institution_no
