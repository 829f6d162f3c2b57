-- kind_summary: lists of the year by kind of group and by deviation
-- grain: one row per insutype, kind, deviation (NULL where a list has none)
-- reads: case_result
-- rule:  病例分值 — docs/domain/dip.md#points
SELECT insutype, kind, deviation, count(*) AS cases
FROM case_result
GROUP BY insutype, kind, deviation
ORDER BY insutype, kind, deviation
