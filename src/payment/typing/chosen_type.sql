-- chosen_type: of the triggered types a list fits, the one with the highest trigger coefficient
-- grain: one row per list that fits a triggered type
-- reads: type_fit, type_rank
-- rule:  辅助分型 — docs/domain/dip.md#typing
SELECT f.list_no, f.group_no, f.year, f.cost_fen, arg_min(f.type_no, r.rank) AS type_no
FROM type_fit AS f
JOIN type_rank AS r ON r.group_no = f.group_no AND r.type_no = f.type_no
GROUP BY f.list_no, f.group_no, f.year, f.cost_fen
