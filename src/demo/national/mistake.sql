-- demo.mistake: what clerks get wrong, and how often
-- grain: one row per kind of mistake
-- reads: nothing
--
-- per_100000 of the lists of an ordinary institution; from_share and to_share are its place among 100,000 draws.
WITH kind AS (
  SELECT * FROM (VALUES
    ('late', 1200), ('no-phone', 500), ('no-profession', 220), ('no-ward-fields', 160), ('two-principal', 120)
    , ('no-principal', 60), ('no-surgeon', 180), ('unknown-diagnosis', 140), ('unknown-procedure', 60)
    , ('wrong-name', 420), ('bad-id', 260), ('wrong-birth', 120), ('wrong-sex', 90), ('bad-duration', 40)
    , ('dates-swapped', 30), ('wrong-days', 260), ('wrong-age', 110), ('procedure-outside', 150)
    , ('anaesthesia-order', 120), ('icu-outside', 20), ('icu-duration', 40), ('nursing-days', 180)
    , ('settled-before-discharge', 140), ('principal-absent-at-admission', 130), ('duplicate-diagnosis', 210)
    , ('no-anaesthetist', 160), ('row-sum', 110), ('total', 130), ('payment', 120), ('cash', 90), ('negative', 30)
    , ('bad-charge-code', 30), ('bad-code', 150), ('no-surgery-charge', 110), ('surgery-charge-only', 90)
    , ('wrong-payment-method', 200), ('weight', 600), ('no-purpose', 900), ('no-receiver', 3000), ('no-companion', 4000)
    , ('not-settled', 20), ('other-person', 30), ('bad-department', 90), ('blood', 500)
  ) AS t(kind, per_100000)
)
SELECT
  kind
  , per_100000
  , CAST(row_number() OVER (ORDER BY kind) AS INTEGER) AS mistake_no
FROM kind
ORDER BY kind
