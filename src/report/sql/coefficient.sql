-- coefficient: coefficient of each level, with the number of institutions
-- grain: one row per level
-- reads: coefficient_result, institution
-- rule:  机构系数 — docs/domain/dip.md#coefficients
SELECT f.level, f.coefficient4, count(i.fixmedins_code) AS institutions
FROM coefficient_result AS f
LEFT JOIN institution AS i ON i.level = f.level
GROUP BY f.level, f.coefficient4
ORDER BY f.level
