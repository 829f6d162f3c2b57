-- Exact arithmetic and the texts of scaled integers. Everything is BIGINT or HUGEINT: DuckDB's `/` on decimals gives
-- a double, and an overflow of HUGEINT is an error, never a wrong number.

-- fen as yuan text with two decimals; points ×10^4 with four; point values ×10^8 with eight
CREATE OR REPLACE MACRO yuan_text(value) AS
  CAST(CAST(value AS DECIMAL(30, 0)) * CAST(0.01 AS DECIMAL(2, 2)) AS VARCHAR);
CREATE OR REPLACE MACRO points_text(value) AS
  CAST(CAST(value AS DECIMAL(30, 0)) * CAST(0.0001 AS DECIMAL(4, 4)) AS VARCHAR);
-- a ratio × 10^6 with six decimals
CREATE OR REPLACE MACRO ratio_text(value) AS
  CAST(CAST(value AS DECIMAL(30, 0)) * CAST(0.000001 AS DECIMAL(6, 6)) AS VARCHAR);
-- the same for the points of one list: a narrow decimal is written three times as fast, and overflow is an error
CREATE OR REPLACE MACRO case_points_text(value) AS
  CAST(CAST(value AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(4, 4)) AS VARCHAR);
CREATE OR REPLACE MACRO point_value_text(value) AS
  CAST(CAST(value AS DECIMAL(30, 0)) * CAST(0.00000001 AS DECIMAL(8, 8)) AS VARCHAR);

-- a / b rounded half away from zero to an integer, for b > 0
CREATE OR REPLACE MACRO round_divide(a, b) AS
  CASE WHEN a < 0 THEN -((-a * 2 + b) // (b * 2)) ELSE (a * 2 + b) // (b * 2) END;
