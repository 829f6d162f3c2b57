-- How text of a national settlement list becomes a value. Each macro gives NULL for a text that is not one; those shared
-- with the fifteen-column list stand in engine/macros/intake.sql.

-- a text without spaces at its ends; NULL when it is blank, or the word null that some clients send
CREATE OR REPLACE MACRO filled_text(value) AS
  CASE
    WHEN value IN ('', 'null', 'NULL') THEN NULL
    WHEN prefix(value, ' ') OR suffix(value, ' ') THEN nullif(trim(value), '')
    ELSE value
  END;

-- the nodes hold NULL where nothing was written
CREATE OR REPLACE MACRO is_blank(value) AS value IS NULL;

-- as iso_text_to_timestamp, without its pattern for the usual writing
CREATE OR REPLACE MACRO written_timestamp(value) AS
  CASE WHEN value LIKE '____-__-__ __:__:__' THEN try_cast(value AS TIMESTAMP) ELSE iso_text_to_timestamp(value) END;

-- no number: blank, or the zero that the interface sends for an empty number
CREATE OR REPLACE MACRO is_absent(value) AS
  value IS NULL OR value IN ('0', '0.0', '0.00');

-- a number with at most two decimals × 100: 1.5 → 150
CREATE OR REPLACE MACRO number_text_to_hundredths(value) AS
  CASE
    WHEN length(value) <= 12 AND value = CAST(try_cast(value AS BIGINT) AS VARCHAR) THEN try_cast(value AS BIGINT) * 100
    ELSE yuan_text_to_fen(value)
  END;

-- yuan → fen; zeros beyond the second decimal say nothing: 12.5000 is 12.50
CREATE OR REPLACE MACRO amount_text_to_fen(value) AS
  coalesce(
    yuan_text_to_fen(value)
    , CASE WHEN regexp_full_match(trim(value), '-?[0-9]{1,15}\.[0-9]{2}0+')
        THEN yuan_text_to_fen(regexp_replace(trim(value), '0+$', '')) END);

-- whole minutes from one time to another
CREATE OR REPLACE MACRO minutes_between(earlier, later) AS date_diff('minute', earlier, later);

-- whether a code lies in a range of prefixes: N98.101 lies in N80 to N98; both ends may be one code
CREATE OR REPLACE MACRO code_in_range(code, first, last) AS
  left(code, length(first)) >= first AND left(code, length(last)) <= last;

-- hundredths as decimal text without needless zeros: 150 → 1.5
CREATE OR REPLACE MACRO hundredths_text(value) AS regexp_replace(yuan_text(value), '\.?0+$', '');

-- whether a text keeps a term of a check; NULL for a number that is not there to compare
CREATE OR REPLACE MACRO term_holds(op, value, texts, low2, high2) AS
  CASE op
    WHEN 'filled' THEN NOT is_blank(value)
    WHEN 'absent' THEN is_absent(value)
    WHEN 'in' THEN strpos(texts, '|' || coalesce(value, '') || '|') > 0
    WHEN 'not_in' THEN strpos(texts, '|' || coalesce(value, '') || '|') = 0
    WHEN 'above' THEN coalesce(number_text_to_hundredths(value) > low2, false)
    WHEN 'below' THEN CASE WHEN is_blank(value) THEN true ELSE number_text_to_hundredths(value) < high2 END
    ELSE number_text_to_hundredths(value) >= coalesce(low2, number_text_to_hundredths(value))
      AND number_text_to_hundredths(value) <= coalesce(high2, number_text_to_hundredths(value))
  END;
