-- as: view
-- paid_apart_result: items taken out of the cost of the payment year's lists: they take no part in points and clearing,
--                    their fund part is paid beside the budget
-- grain: one row per insutype, fixmedins_code, item
-- reads: excluded_item, case_score, institution
-- rule:  除外项目 — docs/domain/drg-payment.md#excluded-items
SELECT
  CAST(c.scheme AS VARCHAR) AS insutype
  , i.fixmedins_code
  , e.item
  , count(*) AS cases
  , CAST(sum(e.amount_fen) AS BIGINT) AS amount_fen
  , CAST(sum(e.fund_fen) AS BIGINT) AS fund_fen
FROM excluded_item AS e
JOIN case_score AS c ON c.setl_id = e.setl_id
JOIN institution AS i ON i.institution_no = c.institution_no
GROUP BY c.scheme, i.fixmedins_code, e.item
