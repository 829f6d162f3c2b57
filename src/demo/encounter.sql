-- demo.encounter: who is admitted, with what, where, and when he or she goes home
-- grain: one row per base list
-- reads: demo.list_number, demo.choice, demo.cell, demo.diagnosis, demo.institution, demo.days_of_month, demo.year, demo.parameter
WITH person AS (
  SELECT
    n.list_no,
    n.year_no,
    n.random,
    c.insutype,
    c.sex,
    y.year - c.birth_year AS age,
    c.person_from + draw(n.random, 2, c.persons) AS person_no
  FROM demo.list_number n
  JOIN demo.year y ON y.year_no = n.year_no
  JOIN demo.choice w ON w.kind = 'cell' AND w.key = n.year_no * 16384 + draw(n.random, 1, 16384)
  JOIN demo.cell c ON c.cell_no = w.item
),
-- a person lives in one county for good: it is drawn from the person's number, not from the list
banded AS (
  SELECT
    p.*,
    county.item AS county_no,
    CASE WHEN age < 1 THEN 0 WHEN age < 15 THEN 1 WHEN age < 45 THEN 2 WHEN age < 65 THEN 3 ELSE 4 END AS band
  FROM person p
  JOIN demo.choice county
    ON county.kind = 'county'
    AND county.key = (CASE WHEN p.insutype = 310 THEN 0 ELSE 1 END) * 1024
      + draw(hash(CAST(p.person_no AS BIGINT)), 3, 1024)
),
ill AS (
  SELECT b.*, w.item AS diagnosis_no, d.tier, d.need, d.season
  FROM banded b
  JOIN demo.choice w
    ON w.kind = 'diagnosis'
    AND w.key = (
      CASE WHEN b.insutype = 310 THEN 0 ELSE 20 END + CASE WHEN b.year_no = 3 THEN 10 ELSE 0 END + b.band * 2 + b.sex - 1
    ) * 16384 + draw(b.random, 4, 16384)
  JOIN demo.diagnosis d ON d.diagnosis_no = w.item
),
admitted AS (
  SELECT i.*, w.item AS institution_no
  FROM ill i
  JOIN demo.choice w
    ON w.kind = 'institution'
    AND w.key = (((CASE WHEN i.insutype = 310 THEN 0 ELSE 10 END + i.tier) * 10 + i.need) * 8 + i.county_no) * 1024
      + draw(i.random, 5, 1024)
),
behaved AS (
  SELECT
    a.*,
    h.behaviour,
    h.behaviour = 'trivial-admissions' AND a.band >= 2 AND draw(a.random, 6, 1000) < 500 AS trivial
  FROM admitted a
  JOIN demo.institution h ON h.institution_no = a.institution_no
)
SELECT
  b.list_no,
  b.year_no,
  b.random,
  b.insutype,
  b.sex,
  b.age,
  b.band,
  b.person_no,
  b.county_no,
  b.institution_no,
  b.behaviour,
  b.trivial,
  CASE WHEN b.trivial THEN t.item ELSE b.diagnosis_no END AS diagnosis_no,
  make_date(
    CAST(y.year AS BIGINT),
    CAST(m.item AS BIGINT),
    CAST(1 + draw(b.random, 8, day.days) AS BIGINT)
  ) AS dscg_date
FROM behaved b
JOIN demo.year y ON y.year_no = b.year_no
JOIN demo.choice m ON m.kind = 'month' AND m.key = b.season * 1024 + draw(b.random, 7, 1024)
JOIN demo.days_of_month day ON day.year_no = b.year_no AND day.month = m.item
JOIN demo.choice t ON t.kind = 'trivial' AND t.key = draw(b.random, 9, 1024)
