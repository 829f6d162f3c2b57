-- demo.form_list: the lists that get a national form, with what the form adds to them
-- grain: one row per list
-- reads: demo.source_list, demo.form_institution, demo.form_seed
WITH chosen AS (
  SELECT
    l.*
    , hash(xor(hash(l.setl_id), CAST(s.seed AS UBIGINT))) AS random
    , CAST(l.adm_time AS DATE) AS adm_day
    , CAST(l.dscg_time AS DATE) AS dscg_day
    , CAST(CAST(l.medfee_sumamt AS DECIMAL(16, 2)) * 100 AS BIGINT) AS total_fen
    , CAST(CAST(l.fund_pay_sumamt AS DECIMAL(16, 2)) * 100 AS BIGINT) AS fund_fen
  FROM demo.source_list AS l
  CROSS JOIN demo.form_seed AS s
)
, timed AS (
  SELECT
    c.*
    , i.name AS institution_name
    , i.level
    , i.sloppiness
    , CAST(coalesce(try_cast(c.age AS INTEGER), 0) AS INTEGER) AS years
    , CAST(CASE
        WHEN coalesce(try_cast(c.age AS INTEGER), 0) > 0 THEN NULL
        ELSE coalesce(try_cast(c.nwb_age AS INTEGER), 29 + form_draw(c.random, 1, 330))
      END AS INTEGER) AS infant_days
    , CAST(c.adm_day AS TIMESTAMP) + to_minutes(420 + form_draw(c.random, 2, 300)) AS admission
    , CAST(c.dscg_day AS TIMESTAMP) + to_minutes(780 + form_draw(c.random, 3, 240)) AS discharge
    , string_split(coalesce(c.diagnoses, ''), '|')[1] AS principal
    , coalesce(c.procedures, '') AS procedures_text
  FROM chosen AS c
  JOIN demo.form_institution AS i ON i.fixmedins_code = c.fixmedins_code
)
SELECT
  t.*
  , CASE WHEN t.infant_days IS NULL THEN CAST(t.adm_day - to_years(t.years) - to_days(form_draw(t.random, 4, 360)) AS DATE)
      ELSE t.adm_day - t.infant_days END AS birth_day
  , greatest(t.dscg_day - t.adm_day, 1) AS stay_days
  , t.total_fen - t.fund_fen AS non_fund_fen
  , (t.total_fen - t.fund_fen) * form_draw(t.random, 5, 40) // 100 AS ownpay_fen
  , (t.total_fen - t.fund_fen) * form_draw(t.random, 6, 60) // 100 AS acct_fen
FROM timed AS t
