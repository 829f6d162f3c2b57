-- signature_drg: the result of grouping every signature; kind is NULL for an ungrouped case
-- grain: one row per signature_no
-- reads: signature, drg_signature_group
-- rule:  DRG 分组 — docs/domain/drg-payment.md#signatures
SELECT
  s.signature_no
  , g.mdc
  , g.adrg
  , g.drg AS group_code
  , CASE g.status WHEN 'grouped' THEN 'drg' WHEN 'ambiguous' THEN 'ambiguous' END AS kind
FROM signature AS s
JOIN drg_signature_group AS g ON g.signature_no = s.drg_signature_no
ORDER BY s.signature_no
