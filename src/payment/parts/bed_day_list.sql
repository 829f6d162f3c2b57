-- bed_day_list: lists of the payment year that are paid by the bed-day, and what they are worth
-- grain: one row per setl_id
-- reads: case_score, signature, bed_day_stay, bed_day_class, bed_day_rate, institution, community_member, policy_value
-- rule:  床日 — docs/domain/parts.md#bed-day
--
-- Of the rows of bed_day_classes.csv that fit, the one for the institution goes first, then the longer start of the
-- diagnosis, then the longer minimum stay. A class without a rate for the level takes no list there. Lists of a medical
-- community stay in its total.
WITH chosen AS (
  SELECT
    max(CASE WHEN parameter = 'parts.bed_day_pay' THEN value END) AS pay
    , max(CASE WHEN parameter = 'parts.bed_day_tiers' THEN value END) AS tiers
  FROM policy_value
)
-- what grouping reads is compared with the classes, not the millions of lists
, matching AS (
  SELECT
    s.signature_no
    , b.kind_no
    , b.class
    , b.category
    , b.diagnosis_start
    , b.institution_no
    , b.minimum_stay
  FROM signature AS s
  JOIN bed_day_class AS b ON starts_with(s.diagnosis, b.diagnosis_start)
)
, fitting AS (
  SELECT
    c.setl_id
    , c.institution_no
    , c.scheme
    , c.cost_fen
    , c.cost_fen - c.fund_fen AS non_fund_fen
    , s.length_of_stay AS days
    , i.level
    , b.kind_no
    , b.class
    , b.category
    , row_number() OVER (
        PARTITION BY c.setl_id
        ORDER BY CASE WHEN b.institution_no IS NULL THEN 1 ELSE 0 END, length(b.diagnosis_start) DESC, b.minimum_stay DESC
      ) AS place
  FROM case_score AS c
  JOIN matching AS b
    ON b.signature_no = c.signature_no
    AND (b.institution_no IS NULL OR b.institution_no = c.institution_no)
  JOIN bed_day_stay AS s ON s.setl_id = c.setl_id AND s.length_of_stay >= b.minimum_stay
  JOIN institution AS i ON i.institution_no = c.institution_no
  WHERE EXISTS (SELECT 1 FROM bed_day_rate AS r WHERE r.kind_no = b.kind_no AND r.level = i.level)
    AND NOT EXISTS (
      SELECT 1 FROM community_member AS m WHERE m.scheme = c.scheme AND m.institution_no = c.institution_no)
)
, standard AS (
  SELECT
    f.setl_id
    , min(f.institution_no) AS institution_no
    , min(f.scheme) AS scheme
    , min(f.class) AS class
    , min(f.category) AS category
    , min(f.days) AS days
    , min(f.cost_fen) AS cost_fen
    , min(f.non_fund_fen) AS non_fund_fen
    , min(c.pay) AS pay
    , sum(CASE
        WHEN c.tiers = 'by-days'
          THEN (least(f.days, coalesce(r.last_day, f.days)) - r.first_day + 1) * CAST(r.fen_per_day AS HUGEINT)
        WHEN f.days <= coalesce(r.last_day, f.days) THEN f.days * CAST(r.fen_per_day AS HUGEINT)
        ELSE 0 END) AS standard_fen
  FROM fitting AS f
  JOIN bed_day_rate AS r ON r.kind_no = f.kind_no AND r.level = f.level AND r.first_day <= f.days
  CROSS JOIN chosen AS c
  WHERE f.place = 1
  GROUP BY f.setl_id
)
, worth AS (
  SELECT
    *
    , CASE WHEN pay = 'at-most-cost' THEN least(standard_fen, cost_fen) ELSE standard_fen END AS amount_fen
  FROM standard
)
SELECT
  setl_id
  , institution_no
  , scheme
  , class
  , category
  , days
  , cost_fen
  , non_fund_fen
  , CAST(standard_fen AS BIGINT) AS standard_fen
  , CAST(amount_fen AS BIGINT) AS amount_fen
  , CAST(greatest(amount_fen - non_fund_fen, 0) AS BIGINT) AS less_patient_fen
FROM worth
ORDER BY setl_id
