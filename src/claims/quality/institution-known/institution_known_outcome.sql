-- institution_known_outcome: lists of institutions that are unknown or were not designated on the day of discharge
-- grain: one row per failing item; one per check without a list, when it applies to all
-- reads: this_check, stay, check_institution
-- rule:  机构 — docs/domain/quality.md#institution-known
--
-- A list without an institution is the matter of the required fields.
SELECT
  c.check_no
  , s.list_no
  , -1 AS item_no
  , 'setlinfo.fixmedins_code' AS place
  , true AS fails
  , i.fixmedins_code AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check AS c
CROSS JOIN stay AS s
JOIN check_institution AS i ON i.institution_no = s.institution_no
WHERE i.fixmedins_code <> ''
  AND (NOT i.known OR s.discharge_day < i.active_from OR (s.discharge_day > i.active_to AND s.month > 0))
UNION ALL
SELECT
  check_no
  , CAST(NULL AS INTEGER) AS list_no
  , CAST(-1 AS BIGINT) AS item_no
  , CAST(NULL AS VARCHAR) AS place
  , false AS fails
  , CAST(NULL AS VARCHAR) AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check
