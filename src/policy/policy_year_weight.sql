-- policy_year_weight: the weight of each history year
-- grain: one row per history year
-- reads: nothing; filled by loadPolicyRows
-- rule:  政策参数 — docs/domain/policy.md#rows
--
-- years_before: years before the payment year, 1 is the year just before it
CREATE OR REPLACE TABLE policy_year_weight (
  years_before INTEGER NOT NULL
  , weight BIGINT NOT NULL
);
