-- list: every settlement list read, with its values parsed and what is wrong with it
-- grain: one row per list, in the order of the files and of their rows (rowid is the position)
-- reads: settlement_list_source (a view over one file)
-- rule:  接收条件 — docs/domain/dip.md#accepted
--
-- The variable list_keeps_case says whether the method of grouping reads more of a case than its principal diagnosis and
-- procedures. Length of stay: days from admission to discharge, at least 1 (docs/domain/dip.md#accepted).
-- There is no join here: a join may change the order of the rows, and with it the line of the file that is reported.
-- institution_no is NULL for a code that institutions.csv does not have.
--
-- refusal_bits: 2 no setl_id, 4 unknown institution, 8 scheme, 16 no principal diagnosis, 32 admission not a time,
-- 64 discharge not a time, 128 admission after discharge, 256 cost not an amount, 512 cost not above zero,
-- 1024 fund not an amount, 2048 fund below zero or above the cost. 1, the id stands on several lists, is added when all are read (read-lists.ts).
WITH parsed AS (
  SELECT
    s.setl_id
    , s.fixmedins_code
    , s.institution_no
    , s.insutype
    , CASE list_position(['310', '390'], s.insutype) WHEN 1 THEN 310 WHEN 2 THEN 390 END AS scheme
    , s.admission
    , s.discharge
    , s.cost_fen
    , s.fund_fen
    , first_code(s.diagnoses) AS diagnosis
    , s.diagnoses
    , s.procedures
    , CASE WHEN getvariable('list_keeps_case') THEN s.sex_text END AS sex_text
    , CASE WHEN getvariable('list_keeps_case') THEN s.age_years_text END AS age_years_text
    , CASE WHEN getvariable('list_keeps_case') THEN s.age_days_text END AS age_days_text
    , CASE WHEN getvariable('list_keeps_case') THEN s.birth_weight_text END AS birth_weight_text
    , CASE WHEN getvariable('list_keeps_case') THEN s.disposition END AS disposition
    , CASE WHEN getvariable('list_keeps_case') THEN s.person END AS person
    , CASE WHEN getvariable('list_keeps_case') THEN s.inpatient_type END AS inpatient_type
    , CASE WHEN getvariable('list_keeps_case') THEN s.icu_minutes END AS icu_minutes
    , s.admission_written
    , s.discharge_written
    , s.cost_written
    , s.fund_written
  FROM settlement_list_source AS s
)
, checked AS (
  SELECT
    *
    , CASE
        -- nearly all lists have nothing wrong with them: one look is enough
        WHEN setl_id <> '' AND institution_no IS NOT NULL AND scheme IS NOT NULL AND diagnosis <> ''
          AND admission <= discharge AND cost_fen > 0 AND fund_fen >= 0 AND fund_fen <= cost_fen THEN 0
        ELSE CASE WHEN setl_id IS NULL OR setl_id = '' THEN 2 ELSE 0 END
          + CASE WHEN institution_no IS NULL THEN 4 ELSE 0 END
          + CASE WHEN scheme IS NULL THEN 8 ELSE 0 END
          + CASE WHEN diagnosis IS NULL OR diagnosis = '' THEN 16 ELSE 0 END
          + CASE WHEN admission IS NULL THEN 32 ELSE 0 END
          + CASE WHEN discharge IS NULL THEN 64 ELSE 0 END
          -- without a clock time on both sides (text longer than a day) only the days can be compared
          + CASE WHEN admission > discharge
                   AND (CAST(admission AS DATE) > CAST(discharge AS DATE)
                        OR length(trim(CAST(admission_written AS VARCHAR))) > 10
                           AND length(trim(CAST(discharge_written AS VARCHAR))) > 10) THEN 128 ELSE 0 END
          + CASE WHEN cost_fen IS NULL THEN 256 WHEN cost_fen <= 0 THEN 512 ELSE 0 END
          + CASE WHEN fund_fen IS NULL THEN 1024 WHEN fund_fen < 0 OR fund_fen > cost_fen THEN 2048 ELSE 0 END
      END AS refusal_bits
  FROM parsed
)
SELECT
  setl_id
  , CAST(institution_no AS INTEGER) AS institution_no
  , CAST(scheme AS SMALLINT) AS scheme
  , CAST(year(discharge) AS SMALLINT) AS year
  , CAST(month(discharge) AS TINYINT) AS month
  , cost_fen
  , fund_fen
  , diagnosis
  , coalesce(procedures, '') AS procedures
  -- of the case, for the methods of grouping that read it: NULL throughout for the others, which costs nothing
  , CASE WHEN getvariable('list_keeps_case') THEN diagnoses END AS diagnoses
  , try_cast(sex_text AS TINYINT) AS sex
  , CAST(floor(try_cast(age_years_text AS DECIMAL(6, 2))) AS SMALLINT) AS age_years
  , try_cast(age_days_text AS SMALLINT) AS age_days
  , try_cast(birth_weight_text AS INTEGER) AS birth_weight_g
  , CASE WHEN getvariable('list_keeps_case')
      THEN CAST(least(greatest(date_diff('day', CAST(admission AS DATE), CAST(discharge AS DATE)), 1), 32767) AS SMALLINT)
    END AS length_of_stay
  , CAST(disposition AS VARCHAR) AS disposition
  , CAST(person AS VARCHAR) AS person
  -- national field ipt_med_type: 2 is day surgery; minutes in intensive care
  , CAST(inpatient_type AS VARCHAR) AS inpatient_type
  , CAST(icu_minutes AS BIGINT) AS icu_minutes
  , CASE WHEN getvariable('list_keeps_case') THEN CAST(admission AS DATE) END AS admission_date
  , CASE WHEN getvariable('list_keeps_case') THEN CAST(discharge AS DATE) END AS discharge_date
  , CAST(refusal_bits AS SMALLINT) AS refusal_bits
  -- what was written, as JSON, kept only where a clerk will want to see it
  , CASE WHEN refusal_bits <> 0 THEN CAST(to_json({
      'fixmedins_code': fixmedins_code
      , 'insutype': insutype
      , 'diagnoses': diagnoses
      , 'adm_time': CAST(admission_written AS VARCHAR)
      , 'dscg_time': CAST(discharge_written AS VARCHAR)
      , 'medfee_sumamt': CAST(cost_written AS VARCHAR)
      , 'fund_pay_sumamt': CAST(fund_written AS VARCHAR)
    }) AS VARCHAR) END AS written
FROM checked
