-- signature: the distinct inputs of grouping by a catalogue, with what results show of them
-- grain: one row per signature_no
-- reads: grouping_signature
-- rule:  入组读取的内容 — docs/domain/dip.md#grouping-steps
SELECT signature_no, diagnosis, procedures
FROM grouping_signature
ORDER BY signature_no
