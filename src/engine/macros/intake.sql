-- How text of a settlement list becomes a value. Each macro gives NULL for a text that is not one.

-- a text without spaces at its ends; most have none and are passed on as they are
CREATE OR REPLACE MACRO trimmed(value) AS
  CASE WHEN prefix(value, ' ') OR suffix(value, ' ') THEN trim(value) ELSE value END;

-- the first of the codes joined by '|'
CREATE OR REPLACE MACRO first_code(codes) AS
  trimmed(CASE WHEN strpos(codes, '|') = 0 THEN codes ELSE left(codes, strpos(codes, '|') - 1) END);

-- yuan text with at most two decimals → fen. DECIMAL casts round and accept '1e3', so a text that is not already what
-- the cast would write must match the pattern; most texts are spared that.
CREATE OR REPLACE MACRO yuan_text_to_fen(value) AS
  CASE
    WHEN value = CAST(try_cast(value AS DECIMAL(17, 2)) AS VARCHAR)
      OR regexp_full_match(trim(value), '-?[0-9]{1,15}(\.[0-9]{1,2})?')
    THEN CAST(try_cast(value AS DECIMAL(17, 2)) * 100 AS BIGINT)
  END;

-- ISO date or date-time → TIMESTAMP as written; a zone at the end is ignored, the clock on the wall counts. The usual
-- writings come first: try_strptime looks at each text of a dictionary once, which a cast does not.
CREATE OR REPLACE MACRO iso_text_to_timestamp(value) AS
  CASE
    WHEN value LIKE '____-__-__' THEN coalesce(try_strptime(value, '%Y-%m-%d'), CAST(try_cast(value AS DATE) AS TIMESTAMP))
    WHEN regexp_full_match(value, '[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}') THEN try_cast(value AS TIMESTAMP)
    WHEN trim(value) LIKE '____-__-__' THEN CAST(try_cast(trim(value) AS DATE) AS TIMESTAMP)
    WHEN regexp_full_match(
      trim(value), '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?')
    THEN try_cast(regexp_replace(trim(value), '(Z|[+-][0-9]{2}(:?[0-9]{2})?)$', '') AS TIMESTAMP)
  END;

-- days/hours/minutes → minutes: 1/13/24 → 2244
CREATE OR REPLACE MACRO duration_text_to_minutes(value) AS
  CASE WHEN regexp_full_match(trim(value), '[0-9]{1,5}/[0-9]{1,2}/[0-9]{1,2}')
    THEN CAST(split_part(trim(value), '/', 1) AS BIGINT) * 1440
      + CAST(split_part(trim(value), '/', 2) AS BIGINT) * 60
      + CAST(split_part(trim(value), '/', 3) AS BIGINT)
  END;
