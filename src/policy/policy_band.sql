-- policy_band: the bands of the policy's parameters of kind bands, numbers × 10^4
-- grain: one row per parameter, band_no
-- reads: nothing; filled by loadPolicyRows
-- rule:  政策参数 — docs/domain/policy.md#rows
--
-- A band holds for a quantity above the limit of the band before it and up to up_to4, inclusive; the last has no limit.
CREATE OR REPLACE TABLE policy_band (
  parameter VARCHAR NOT NULL
  , band_no INTEGER NOT NULL
  , up_to4 BIGINT
  , value4 BIGINT NOT NULL
);
