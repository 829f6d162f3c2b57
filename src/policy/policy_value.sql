-- policy_value: the policy in force, one value for each parameter
-- grain: one row per parameter
-- reads: nothing; filled by loadPolicyRows
-- rule:  政策参数 — docs/domain/policy.md#rows
--
-- value: canonical text; scaled: an integer as it is, a ratio or coefficient × 10^4, NULL for year weights;
-- titles: of the parameter and of the document, for people to read
CREATE OR REPLACE TABLE policy_value (
  parameter VARCHAR NOT NULL
  , unit VARCHAR NOT NULL
  , value VARCHAR NOT NULL
  , scaled BIGINT
  , layer VARCHAR NOT NULL
  , area VARCHAR NOT NULL
  , document VARCHAR NOT NULL
  , article VARCHAR
  , effective_from VARCHAR NOT NULL
  , title_zh VARCHAR NOT NULL
  , title_en VARCHAR NOT NULL
  , document_title_zh VARCHAR NOT NULL
  , document_title_en VARCHAR NOT NULL
);
