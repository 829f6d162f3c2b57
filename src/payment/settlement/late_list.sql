-- late_list: the lists uploaded after the lock of their month and the month that pays them instead: the first later one
--            still open on the day of the upload, or none (NULL): then only the annual clearing counts them
-- grain: one row per setl_id
-- reads: list_upload, month_lock, case_score
-- rule:  月份锁定 — docs/domain/clearing.md#month-locks
WITH late AS (
  SELECT
    c.setl_id
    , c.institution_no
    , c.scheme
    , c.month
    , u.upload_date
    , l.lock_date
    , c.points4
    , c.cost_fen
    , c.cost_fen - c.fund_fen AS non_fund_fen
  FROM list_upload AS u
  JOIN case_score AS c ON c.setl_id = u.setl_id
  JOIN month_lock AS l ON l.month = c.month
  WHERE u.upload_date > l.lock_date
)
, calendar AS (
  SELECT m.month, k.lock_date
  FROM (SELECT CAST(range AS TINYINT) AS month FROM range(1, 13)) AS m
  LEFT JOIN month_lock AS k ON k.month = m.month
)
, open_month AS (
  SELECT l.setl_id, min(c.month) AS month
  FROM late AS l
  JOIN calendar AS c ON c.month > l.month AND (c.lock_date IS NULL OR c.lock_date >= l.upload_date)
  GROUP BY l.setl_id
)
SELECT
  l.setl_id
  , l.institution_no
  , l.scheme
  , l.month
  , l.upload_date
  , l.lock_date
  , o.month AS paid_month
  , l.points4
  , l.cost_fen
  , l.non_fund_fen
FROM late AS l
LEFT JOIN open_month AS o ON o.setl_id = l.setl_id
ORDER BY l.setl_id
