-- deposit_step: amount − the part of the quality deposit that the assessment does not return
-- grain: one row per scheme, institution_no
-- reads: clearing_amount, month_result, score_band
-- rule:  质量保证金 — docs/domain/clearing.md#deposit
--
-- quantity_fen: the deposit kept over the months; factor8: the share returned × 10^8, 1 without a score
WITH kept AS (
  SELECT insutype, fixmedins_code, sum(deposit_fen) AS deposit_fen
  FROM month_result
  GROUP BY insutype, fixmedins_code
)
, returned AS (
  SELECT
    a.scheme
    , a.institution_no
    , a.amount_fen AS before_fen
    , CAST(coalesce(k.deposit_fen, 0) AS HUGEINT) AS deposit_fen
    , coalesce(b.value4, 10000) AS share4
  FROM clearing_amount AS a
  LEFT JOIN kept AS k ON k.insutype = CAST(a.scheme AS VARCHAR) AND k.fixmedins_code = a.fixmedins_code
  LEFT JOIN score_band AS b ON b.institution_no = a.institution_no AND b.parameter = 'deposit.return_bands'
)
SELECT
  scheme
  , institution_no
  , CAST(NULL AS VARCHAR) AS band
  , deposit_fen AS quantity_fen
  , share4 * 10000 AS factor8
  , before_fen - deposit_fen + round_divide(deposit_fen * share4, CAST(10000 AS HUGEINT)) AS amount_fen
FROM returned
ORDER BY scheme, institution_no
