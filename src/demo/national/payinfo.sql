-- demo.payinfo: the node payinfo of 4101
-- grain: one row per list and fund
-- reads: demo.form_list, demo.form_mistake
--
-- Of dear stays a tenth comes from the fund for serious illness.
WITH split AS (
  SELECT
    setl_id
    , insutype
    , fund_fen
    , CASE WHEN total_fen > 3000000 THEN fund_fen // 10 ELSE 0 END AS serious_fen
  FROM demo.form_list
)
, paid AS (
  SELECT setl_id, CASE WHEN insutype = '310' THEN '310100' ELSE '390100' END AS fund, fund_fen - serious_fen AS fen FROM split
  UNION ALL
  SELECT setl_id, CASE WHEN insutype = '310' THEN '330100' ELSE '390200' END AS fund, serious_fen AS fen FROM split
  WHERE serious_fen > 0
)
SELECT
  CASE WHEN m.setl_id IS NULL THEN p.setl_id ELSE 'X' || p.setl_id END AS setl_id
  , p.fund AS fund_pay_type
  , form_yuan(p.fen) AS fund_payamt
FROM paid AS p
LEFT JOIN demo.form_mistake AS m ON m.setl_id = p.setl_id AND m.kind = 'not-settled'
ORDER BY p.setl_id, p.fund
