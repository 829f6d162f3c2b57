-- case_score: group, deviation and points of each list of the payment year
-- grain: one row per setl_id
-- reads: scored_list, settlement_year
-- rule:  病例分值 — docs/domain/dip.md#points
SELECT
  s.setl_id
  , s.list_no
  , s.institution_no
  , s.scheme
  , s.month
  , s.cost_fen
  , s.fund_fen
  , s.signature_no
  , s.group_no
  , s.type_no
  , s.deviation
  , s.points4
FROM scored_list AS s
CROSS JOIN settlement_year AS y
WHERE s.year = y.payment_year
