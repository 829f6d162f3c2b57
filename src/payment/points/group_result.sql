-- as: view
-- group_result: the catalogue with its scores
-- grain: one row per group_code
-- reads: group_score
-- rule:  病种目录与分值 — docs/domain/dip.md#catalogue
SELECT group_code, kind, cases, average_cost_fen, score4 FROM group_score
