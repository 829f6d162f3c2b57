-- as: view
-- drg_kind_year: the rows of one kind of groups, named by the variable drg_kind
-- grain: one row per group_code, year
-- reads: drg_group_year
-- rule:  病组权重 — docs/domain/drg-payment.md#weights
SELECT group_code, year, cases, cost_fen FROM drg_group_year WHERE kind = getvariable('drg_kind')
