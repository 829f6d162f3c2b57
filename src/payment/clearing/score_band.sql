-- score_band: the value that each parameter by assessment score has for each institution with a score
-- grain: one row per parameter, institution_no
-- reads: assessment_score, policy_band
-- rule:  考核得分 — docs/domain/clearing.md#assessment
WITH reached AS (
  SELECT b.parameter, s.institution_no, min(b.band_no) AS band_no
  FROM assessment_score AS s
  JOIN policy_band AS b ON b.up_to4 IS NULL OR s.score4 <= b.up_to4
  WHERE b.parameter IN ('clearing.assessment_bands', 'deposit.return_bands')
  GROUP BY b.parameter, s.institution_no
)
SELECT r.parameter, r.institution_no, b.value4
FROM reached AS r
JOIN policy_band AS b ON b.parameter = r.parameter AND b.band_no = r.band_no
ORDER BY r.parameter, r.institution_no
