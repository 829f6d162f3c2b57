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

-- a · b = whole · c + rest for a ≥ 0, b ≥ 0, c > 0, where a · b may leave HUGEINT: a is multiplied in two pieces of eight
-- digits (upper · 10^8 + lower), dividing after each
CREATE OR REPLACE MACRO lower_product(a, b, c) AS
  (CAST(a // 100000000 AS HUGEINT) * b) % c * 100000000 + CAST(a % 100000000 AS HUGEINT) * b;
CREATE OR REPLACE MACRO product_whole(a, b, c) AS
  (CAST(a // 100000000 AS HUGEINT) * b) // c * 100000000 + lower_product(a, b, c) // c;
CREATE OR REPLACE MACRO product_rest(a, b, c) AS lower_product(a, b, c) % c;
-- a · b / c rounded half up
CREATE OR REPLACE MACRO product_rounded(a, b, c) AS
  product_whole(a, b, c) + CASE WHEN product_rest(a, b, c) >= c - product_rest(a, b, c) THEN 1 ELSE 0 END;
-- scaled / 10^12 + rest / c rounded down, scaled ≥ 0: does the rest carry over? rest · 10^12 >= lacking · c, with
-- lacking = 10^12 − scaled % 10^12 and c in two pieces
CREATE OR REPLACE MACRO carried_floor(scaled, rest, c) AS
  scaled // 1000000000000 + CASE
    WHEN rest >= (1000000000000 - scaled % 1000000000000) * (c // 1000000000000)
      + ((1000000000000 - scaled % 1000000000000) * (c % 1000000000000) + 999999999999) // 1000000000000
    THEN 1 ELSE 0 END;
-- a · b / c − d / 10^12 rounded half up
CREATE OR REPLACE MACRO lessened_product_rounded(a, b, c, d) AS
  carried_floor(product_whole(a, b, c) * 1000000000000 - d + 500000000000, product_rest(a, b, c), c);
