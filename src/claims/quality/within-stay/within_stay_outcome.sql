-- within_stay_outcome: times of items before or after the stay
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, check_time, stay, quality_parameter, quality_threshold
-- rule:  住院期间 — docs/domain/quality.md#within-stay
--
-- Without a clock time on every side only days are compared.
WITH bounded AS (
  SELECT
    c.check_no
    , v.list_no
    , v.item_no
    , v.place
    , v.value
    , CASE WHEN p.value = 'birth' THEN CAST(s.birth_day AS TIMESTAMP) ELSE s.admission - to_hours(before.value) END AS first
    , s.discharge + to_hours(after.value) AS last
    , v.has_clock AND s.times_have_clock AS have_clock
  FROM this_check AS c
  JOIN quality_parameter AS p ON p.check_no = c.check_no AND p.name = 'since'
  JOIN quality_threshold AS before ON before.check_no = c.check_no AND before.name = 'hours_before'
  JOIN quality_threshold AS after ON after.check_no = c.check_no AND after.name = 'hours_after'
  JOIN check_time AS v ON v.check_no = c.check_no
  JOIN stay AS s ON s.list_no = v.list_no
)
, judged AS (
  SELECT
    *
    , CASE
        WHEN have_clock THEN value < first OR value > last
        ELSE CAST(value AS DATE) < CAST(first AS DATE) OR CAST(value AS DATE) > CAST(last AS DATE)
      END AS fails
  FROM bounded
  WHERE first IS NOT NULL AND last IS NOT NULL
)
SELECT
  check_no
  , list_no
  , item_no
  , CASE WHEN fails THEN place END AS place
  , fails
  , CASE WHEN fails THEN CAST(value AS VARCHAR) END AS value
  , CASE WHEN fails THEN CAST(first AS VARCHAR) || ' – ' || CAST(last AS VARCHAR) END AS expected
FROM judged
