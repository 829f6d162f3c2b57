-- group_percentile: the cost that the share deviation.high_percentile of the lists of a group's history does not pass
-- grain: one row per group_no that has history
-- reads: accepted_list, signature_group, settlement_year, policy_value
-- rule:  高倍率界限 — docs/domain/drg-payment.md#high-limit
--
-- Of n lists in the order of their cost the one at place ceil(n × share).
WITH ordered AS (
  SELECT
    g.group_no
    , a.cost_fen
    , row_number() OVER (PARTITION BY g.group_no ORDER BY a.cost_fen) AS place
    , count(*) OVER (PARTITION BY g.group_no) AS cases
  FROM accepted_list AS a
  CROSS JOIN settlement_year AS y
  JOIN signature_group AS g ON g.signature_no = a.signature_no
  WHERE a.year < y.payment_year AND g.group_no <> 0
)
SELECT o.group_no, o.cost_fen
FROM ordered AS o
JOIN policy_value AS p ON p.parameter = 'deviation.high_percentile'
WHERE o.place = (o.cases * p.scaled + 9999) // 10000
ORDER BY o.group_no
