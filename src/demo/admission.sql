-- demo.admission: base stays and the stays that follow some of them
-- grain: one row per settlement list
-- reads: demo.encounter, demo.follow_up, demo.choice, demo.parameter
SELECT
  e.list_no,
  e.random,
  e.insutype,
  e.sex,
  e.age,
  e.band,
  e.person_no,
  e.institution_no,
  e.trivial,
  e.diagnosis_no,
  e.dscg_date,
  CAST(NULL AS DATE) AS adm_date,
  f.kind AS followed_by,
  CAST(NULL AS VARCHAR) AS following
FROM demo.encounter e
LEFT JOIN demo.follow_up f ON f.list_no = e.list_no
UNION ALL
SELECT
  p.base_lists + f.follow_up_no AS list_no,
  hash(xor(e.random, CAST(30 AS UBIGINT))) AS random,
  e.insutype,
  e.sex,
  e.age,
  e.band,
  e.person_no,
  CASE WHEN f.kind = 'transfer' THEN w.item ELSE e.institution_no END AS institution_no,
  e.trivial,
  e.diagnosis_no,
  CAST(NULL AS DATE) AS dscg_date,
  e.dscg_date + CASE f.kind
    WHEN 'split' THEN draw(e.random, 31, 3)
    WHEN 'transfer' THEN 0
    ELSE 3 + draw(e.random, 31, 25)
  END AS adm_date,
  CAST(NULL AS VARCHAR) AS followed_by,
  f.kind AS following
FROM demo.encounter e
JOIN demo.follow_up f ON f.list_no = e.list_no
JOIN demo.choice w ON w.kind = 'transfer' AND w.key = e.county_no * 1024 + draw(e.random, 32, 1024)
CROSS JOIN demo.parameter p
