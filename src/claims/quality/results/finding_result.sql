-- finding_result: what is wrong, with its place, reason and remedy
-- grain: one row per list, check and field, or item
-- reads: finding, quality_check, quality_field, stay, check_institution, form_file, finding_place
-- rule:  问题 — docs/domain/quality.md#findings
--
-- The row is that of the item where its node has a file of its own. The order does not depend on that of the lists.
WITH named AS (
  SELECT
    f.list_no
    , f.place
    , f.value
    , f.expected
    , c.check_id
    , c.level
    , c.returned
    , c.dimension
    , c.reason
    , c.remedy
    , coalesce(n.name, f.place, '') AS name
    , coalesce(p.file_no, s.file_no) AS file_no
    , coalesce(p.row_no, s.row_no) AS row_no
    , s.setl_id
    , i.fixmedins_code
  FROM finding AS f
  JOIN quality_check AS c ON c.check_no = f.check_no
  JOIN stay AS s ON s.list_no = f.list_no
  JOIN check_institution AS i ON i.institution_no = s.institution_no
  LEFT JOIN quality_field AS n ON n.place = f.place
  LEFT JOIN finding_place AS p ON p.node = split_part(f.place, '.', 1) AND p.item_no = f.item_no
)
SELECT
  d.file_name AS file
  , n.row_no AS "row"
  , n.setl_id
  , n.fixmedins_code
  , n.check_id
  , n.level
  , n.returned
  , n.dimension
  , coalesce(n.place, '') AS field
  , coalesce(n.value, '') AS value
  , replace(replace(replace(replace(n.reason, '{name}', n.name), '{field}', coalesce(n.place, ''))
      , '{value}', coalesce(n.value, '')), '{expected}', coalesce(n.expected, '')) AS reason
  , replace(replace(replace(replace(n.remedy, '{name}', n.name), '{field}', coalesce(n.place, ''))
      , '{value}', coalesce(n.value, '')), '{expected}', coalesce(n.expected, '')) AS remedy
FROM named AS n
JOIN form_file AS d ON d.file_no = n.file_no
ORDER BY n.fixmedins_code, n.setl_id, n.check_id, field, value, reason, file, "row"
