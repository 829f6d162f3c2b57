-- as: view
-- drg_kind_year: the rows of one kind of groups, named by the variable drg_kind, without unstable groups
-- grain: one row per group_code, year
-- reads: drg_group_year, unstable_group
-- rule:  病组权重 — docs/domain/drg-payment.md#weights
SELECT d.group_code, d.year, d.cases, d.cost_fen
FROM drg_group_year AS d
ANTI JOIN unstable_group AS u ON u.kind = d.kind AND u.group_code = d.group_code
WHERE d.kind = getvariable('drg_kind')
