-- demo.list_number: the numbers of the base lists with their year and their random bits
-- grain: one row per base list (follow-up stays are numbered after them)
-- reads: demo.year, demo.parameter
WITH numbered AS (
  SELECT year_no, UNNEST(range(list_from, list_to)) AS list_no
  FROM demo.year
)
SELECT
  n.list_no,
  n.year_no,
  hash(xor(hash(CAST(n.list_no AS BIGINT)), hash(CAST(p.seed AS BIGINT)))) AS random
FROM numbered n
CROSS JOIN demo.parameter p
