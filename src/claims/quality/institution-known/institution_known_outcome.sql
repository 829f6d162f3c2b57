-- institution_known_outcome: lists of institutions that are unknown or were not designated on the day of discharge
-- grain: one row per check and list it applies to, and one more per failing item
-- reads: this_check, stay, check_institution
-- rule:  机构 — docs/domain/quality.md#institution-known
SELECT
  c.check_no
  , s.list_no
  , -1 AS item_no
  , CASE WHEN NOT i.known OR s.discharge_day < i.active_from OR (s.discharge_day > i.active_to AND s.month > 0)
      THEN 'setlinfo.fixmedins_code' END AS place
  , coalesce(NOT i.known OR s.discharge_day < i.active_from OR (s.discharge_day > i.active_to AND s.month > 0), false) AS fails
  , CASE WHEN NOT i.known OR s.discharge_day < i.active_from OR (s.discharge_day > i.active_to AND s.month > 0)
      THEN i.fixmedins_code END AS value
  , CAST(NULL AS VARCHAR) AS expected
FROM this_check AS c
CROSS JOIN stay AS s
JOIN check_institution AS i ON i.institution_no = s.institution_no
WHERE i.fixmedins_code <> ''
