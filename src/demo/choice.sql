-- demo.choice: every weighted choice as a wheel of equal slots, so that drawing is an equality join
-- grain: one row per kind and wheel slot; key = condition × slots + slot
-- reads: demo.weight
WITH running AS (
  SELECT
    kind,
    condition,
    item,
    slots,
    weight,
    SUM(weight) OVER (PARTITION BY kind, condition ORDER BY item ROWS UNBOUNDED PRECEDING) AS weight_to,
    SUM(weight) OVER (PARTITION BY kind, condition) AS weight_total
  FROM demo.weight
  WHERE weight > 0
),
placed AS (
  SELECT
    kind,
    condition,
    item,
    slots,
    CAST((weight_to - weight) * slots // weight_total AS BIGINT) AS slot_from,
    CAST(weight_to * slots // weight_total AS BIGINT) AS slot_to
  FROM running
)
SELECT
  kind,
  CAST(condition * slots + UNNEST(range(slot_from, slot_to)) AS INTEGER) AS key,
  item
FROM placed
ORDER BY kind, key
