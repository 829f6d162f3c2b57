-- identity_number_outcome: identity numbers that contradict themselves, the date of birth or the sex
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, setlinfo
-- rule:  身份证号码 — docs/domain/quality.md#identity-number
--
-- Certificates of type 01, the resident identity card. The middle of a number is not repeated in a finding.
WITH card AS (
  SELECT
    list_no
    , upper(trim(certno)) AS number
    , brdy_at
    , gend
    , regexp_full_match(upper(trim(certno)), '[0-9]{17}[0-9X]') AS is_well_formed
  FROM setlinfo
  WHERE NOT is_blank(certno) AND patn_cert_type IN ('01', '1')
)
, digit AS (
  SELECT
    *
    , CASE WHEN is_well_formed THEN substr('10X98765432', (
        CAST(substr(number, 1, 1) AS INTEGER) * 7 + CAST(substr(number, 2, 1) AS INTEGER) * 9
        + CAST(substr(number, 3, 1) AS INTEGER) * 10 + CAST(substr(number, 4, 1) AS INTEGER) * 5
        + CAST(substr(number, 5, 1) AS INTEGER) * 8 + CAST(substr(number, 6, 1) AS INTEGER) * 4
        + CAST(substr(number, 7, 1) AS INTEGER) * 2 + CAST(substr(number, 8, 1) AS INTEGER) * 1
        + CAST(substr(number, 9, 1) AS INTEGER) * 6 + CAST(substr(number, 10, 1) AS INTEGER) * 3
        + CAST(substr(number, 11, 1) AS INTEGER) * 7 + CAST(substr(number, 12, 1) AS INTEGER) * 9
        + CAST(substr(number, 13, 1) AS INTEGER) * 10 + CAST(substr(number, 14, 1) AS INTEGER) * 5
        + CAST(substr(number, 15, 1) AS INTEGER) * 8 + CAST(substr(number, 16, 1) AS INTEGER) * 4
        + CAST(substr(number, 17, 1) AS INTEGER) * 2) % 11 + 1, 1) END AS check_digit
  FROM card
)
, judged AS (
  SELECT
    list_no
    , number
    , 'setlinfo.certno' AS place
    , NOT is_well_formed OR right(number, 1) <> check_digit AS fails
    , left(number, 6) || '********' || right(number, 4) AS value
    , coalesce('…' || check_digit, '18') AS expected
  FROM digit
  UNION ALL
  SELECT
    list_no
    , number
    , 'setlinfo.brdy' AS place
    , substr(number, 7, 8) <> strftime(brdy_at, '%Y%m%d') AS fails
    , strftime(brdy_at, '%Y-%m-%d') AS value
    , substr(number, 7, 8) AS expected
  FROM digit
  WHERE is_well_formed AND right(number, 1) = check_digit AND brdy_at IS NOT NULL
  UNION ALL
  SELECT
    list_no
    , number
    , 'setlinfo.gend' AS place
    , (CAST(substr(number, 17, 1) AS INTEGER) % 2 = 1) <> (gend = '1') AS fails
    , gend AS value
    , CASE WHEN CAST(substr(number, 17, 1) AS INTEGER) % 2 = 1 THEN '1' ELSE '2' END AS expected
  FROM digit
  WHERE is_well_formed AND right(number, 1) = check_digit AND gend IN ('1', '2')
)
SELECT
  c.check_no
  , j.list_no
  , -1 AS item_no
  , CASE WHEN j.fails THEN j.place END AS place
  , j.fails
  , CASE WHEN j.fails THEN j.value END AS value
  , CASE WHEN j.fails THEN j.expected END AS expected
FROM this_check AS c
CROSS JOIN judged AS j
