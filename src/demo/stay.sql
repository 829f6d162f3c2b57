-- demo.stay: treatment, length of stay, disposition and cost before calibration of each settlement list
-- grain: one row per settlement list; raw_cost in fen
-- reads: demo.admission, demo.diagnosis, demo.institution, demo.treatment, demo.choice, demo.procedure, demo.comorbidity, demo.quantile, demo.year, demo.parameter
WITH treated AS (
  SELECT
    a.*,
    d.department_no,
    d.tier,
    d.upcoded_no,
    d.cost AS diagnosis_cost,
    d.days AS diagnosis_days,
    h.level,
    h.price,
    h.behaviour,
    t.treatment_no,
    t.cost AS treatment_cost,
    t.days AS treatment_days,
    -- a trivial stay and the second half of a split stay get no treatment of their own
    a.trivial OR a.following IS NOT DISTINCT FROM 'split' AS untreated
  FROM demo.admission a
  JOIN demo.diagnosis d ON d.diagnosis_no = a.diagnosis_no
  JOIN demo.institution h ON h.institution_no = a.institution_no
  JOIN demo.treatment t
    ON t.diagnosis_no = a.diagnosis_no
    AND t.level = h.level
    AND draw(a.random, 40, 1000) >= t.share_from
    AND draw(a.random, 40, 1000) < t.share_to
),
detailed AS (
  SELECT
    t.*,
    CASE WHEN t.untreated THEN 0 ELSE x.item END AS extra_no,
    e.cost AS extra_cost,
    e.days AS extra_days,
    t.band * 4096 + draw(t.random, 42, 4096) AS comorbidity_no,
    draw(t.random, 43, 1000) AS fate,
    draw(t.random, 44, 1000) AS outlier
  FROM treated t
  JOIN demo.choice x ON x.kind = 'extra' AND x.key = t.department_no * 4096 + draw(t.random, 41, 4096)
  JOIN demo.procedure e ON e.procedure_no = x.item
),
measured AS (
  SELECT
    t.*,
    c.cost_factor AS comorbidity_factor,
    cost.cost_factor AS noise_factor,
    length.length_factor,
    CAST(GREATEST(1,
      ((t.diagnosis_days + CASE WHEN t.untreated THEN 0 ELSE t.treatment_days + t.extra_days END)
        * CASE WHEN t.trivial OR t.following = 'split' OR t.followed_by = 'split' THEN 550 ELSE 1000 END
        * length.length_factor + 500000000) // 1000000000
    ) AS INTEGER)
      + CASE WHEN t.following IS NULL AND t.tier >= 2 AND t.outlier >= 997 THEN 30 + draw(t.random, 45, 120) ELSE 0 END
      AS length_of_stay
  FROM detailed t
  JOIN demo.comorbidity c ON c.comorbidity_no = t.comorbidity_no
  JOIN demo.quantile cost ON cost.slot = draw(t.random, 46, 4096)
  JOIN demo.quantile length ON length.slot = draw(t.random, 47, 4096)
),
dated AS (
  SELECT
    m.*,
    COALESCE(m.dscg_date, m.adm_date + LEAST(m.length_of_stay, 25)) AS left_on,
    COALESCE(m.adm_date, m.dscg_date - m.length_of_stay) AS came_on
  FROM measured m
),
priced AS (
  SELECT
    d.*,
    y.year_no,
    CAST(
      (d.diagnosis_cost + CASE WHEN d.untreated THEN 0 ELSE d.treatment_cost + d.extra_cost END)
      * CASE d.level WHEN 1 THEN 66 WHEN 2 THEN 90 ELSE 140 END
      * d.price // 1000
      * y.cost_factor // 1000
      * d.comorbidity_factor // 1000
      AS BIGINT) AS expected_cost
  FROM dated d
  JOIN demo.year y ON y.year = CAST(date_part('year', d.left_on) AS INTEGER)
)
SELECT
  list_no,
  random,
  insutype,
  sex,
  age,
  person_no,
  institution_no,
  -- upcoding: the costlier diagnosis is written, the care stays what it was
  CASE
    WHEN behaviour = 'upcoding' AND upcoded_no IS NOT NULL AND draw(random, 48, 1000) < 120 + year_no * 160 THEN upcoded_no
    ELSE diagnosis_no
  END AS diagnosis_no,
  CASE WHEN untreated THEN NULL ELSE treatment_no END AS treatment_no,
  extra_no,
  comorbidity_no,
  came_on AS adm_date,
  left_on AS dscg_date,
  -- 97 of 100 lists are settled within ten days of discharge, the others one to five months later
  left_on + CASE WHEN draw(random, 49, 1000) < 970 THEN draw(random, 50, 10) ELSE 30 + draw(random, 50, 120) END AS settled_on,
  CASE
    WHEN followed_by = 'transfer' THEN 2
    WHEN followed_by IS NOT NULL THEN 1
    WHEN fate < CASE WHEN tier >= 4 AND age >= 65 THEN 18 WHEN tier >= 4 THEN 5 WHEN age >= 65 THEN 3 ELSE 0 END THEN 5
    WHEN fate >= 975 THEN 4
    WHEN fate >= 970 THEN 3
    WHEN fate >= 968 THEN 9
    ELSE 1
  END AS dscg_way,
  CAST(
    CASE
      WHEN trivial THEN expected_cost * (360 + draw(random, 51, 160)) // 1000
      WHEN behaviour = 'just-above-half' AND draw(random, 52, 1000) < 850
        THEN expected_cost * (535 + draw(random, 51, 70)) // 1000
      WHEN following = 'split' OR followed_by = 'split' THEN expected_cost * (560 + draw(random, 51, 120)) // 1000
      WHEN outlier < 18 THEN expected_cost * (180 + draw(random, 51, 260)) // 1000
      WHEN outlier >= 992 THEN expected_cost * (2100 + draw(random, 51, 2200)) // 1000
      ELSE expected_cost * noise_factor // 1000000 * (600000000 + 400 * CAST(length_factor AS BIGINT)) // 1000000000
    END AS BIGINT) AS raw_cost
FROM priced
