-- demo.follow_up: base lists that a second stay follows: a split stay, a transfer or a readmission
-- grain: one row per follow-up stay; follow_up_no counts from 0
-- reads: demo.encounter, demo.diagnosis, demo.institution, demo.parameter
WITH candidate AS (
  SELECT
    e.list_no,
    draw(e.random, 20, 100000) AS lot,
    CASE
      WHEN e.behaviour = 'splitting' AND draw(e.random, 21, 1000) < 300 THEN 'split'
      WHEN h.level < 3 AND d.tier >= 3 AND draw(e.random, 22, 1000) < 12 THEN 'transfer'
      ELSE 'readmission'
    END AS kind
  FROM demo.encounter e
  JOIN demo.diagnosis d ON d.diagnosis_no = e.diagnosis_no
  JOIN demo.institution h ON h.institution_no = e.institution_no
  CROSS JOIN demo.parameter p
  -- the second stay must end within the years of the area
  WHERE e.dscg_date < make_date(CAST(p.current_year AS BIGINT), 11, 5)
),
numbered AS (
  SELECT
    list_no,
    kind,
    ROW_NUMBER() OVER (
      ORDER BY CASE kind WHEN 'split' THEN 0 WHEN 'transfer' THEN 1 ELSE 2 END, lot, list_no
    ) - 1 AS follow_up_no
  FROM candidate
  WHERE kind <> 'readmission' OR lot < 10000
)
SELECT n.list_no, n.kind, n.follow_up_no
FROM numbered n
CROSS JOIN demo.parameter p
WHERE n.follow_up_no < p.follow_up_lists
