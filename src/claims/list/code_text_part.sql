-- code_text_part: the places of every text of codes, mapped one by one
-- grain: one row per column of `list`, text and position
-- reads: code_text, code_mapping, code_mapping_table
-- rule:  编码映射 — docs/domain/codes.md#mapping
--
-- part is what stands there from now on: the mapped code, or what was written, blanks included.
WITH part_at AS (
  SELECT
    t.list_column
    , t.side
    , t.written
    , t.lists
    , unnest(string_split(t.written, '|')) AS part
    , generate_subscripts(string_split(t.written, '|'), 1) AS position
  FROM code_text AS t
  JOIN code_mapping_table AS u ON u.side = t.side
)
SELECT
  p.list_column
  , p.side
  , p.written
  , p.lists
  , p.position
  , trim(p.part) AS code
  , coalesce(m.status, 'unknown') AS status
  , CASE WHEN m.mapped <> m.code THEN m.mapped ELSE p.part END AS part
  , coalesce(m.targets, '') AS targets
FROM part_at AS p
LEFT JOIN code_mapping AS m ON m.side = p.side AND m.code = trim(p.part)
