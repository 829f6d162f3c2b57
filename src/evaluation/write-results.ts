import { join } from 'node:path';
import { type Engine, literal } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';

/** `indicators.csv` and `group_indicators.csv`: long, one value to a row. month is the year, or a month of it. */
const indicatorQuery = (where: string, language: Language): string => `
  SELECT r.scope, CASE r.scope WHEN 'area' THEN i.code ELSE r.id END AS id
    , CAST(y.payment_year AS VARCHAR) || CASE WHEN r.month > 0 THEN '-' || lpad(CAST(r.month AS VARCHAR), 2, '0') ELSE '' END
      AS month
    , r.indicator
    , scaled_text(r.numerator, d.numerator_decimals) AS numerator
    , scaled_text(r.denominator, d.denominator_decimals) AS denominator
    , scaled_text(r.value, d.decimals) AS value
    , d.unit
    , scaled_text(r.last_year_value, d.decimals) AS last_year
    , scaled_text(r.change, d.decimals) AS change
    , r.status
    , CASE WHEN r.status = 'not-applicable' THEN d.needs_${language} END AS needs
    , d.rule
  FROM indicator_result AS r
  CROSS JOIN settlement_year AS y
  CROSS JOIN area_info AS i
  JOIN indicator_definition AS d ON d.indicator = r.indicator
  WHERE ${where}
  ORDER BY r.scope, r.id, r.month, r.position`;

const queries = (language: Language): Readonly<Record<string, string>> => ({
  'indicators.csv': indicatorQuery(`r.scope <> 'group'`, language),
  'group_indicators.csv': indicatorQuery(`r.scope = 'group'`, language),
  'peers.csv': `
    SELECT p.fixmedins_code, p.level, p.indicator, scaled_text(p.value, d.decimals) AS value, d.unit, d.direction, p.peers, p.below
      , scaled_text(p.percentile4, 4) AS percentile, scaled_text(p.minimum, d.decimals) AS minimum
      , scaled_text(p.p25, d.decimals) AS p25, scaled_text(p.median, d.decimals) AS median
      , scaled_text(p.p75, d.decimals) AS p75, scaled_text(p.maximum, d.decimals) AS maximum
    FROM peer_result AS p JOIN indicator_definition AS d ON d.indicator = p.indicator
    ORDER BY p.fixmedins_code, p.position`,
  'alerts.csv': `
    SELECT a.alert, a.scope, CASE a.scope WHEN 'area' THEN i.code ELSE a.id END AS id
      , CAST(y.payment_year AS VARCHAR) || CASE WHEN a.month > 0 THEN '-' || lpad(CAST(a.month AS VARCHAR), 2, '0') ELSE '' END
        AS month
      , a.indicator, scaled_text(a.value6, 6) AS value, scaled_text(a.limit6, 6) AS compared_with
    FROM alert_result AS a CROSS JOIN settlement_year AS y CROSS JOIN area_info AS i
    ORDER BY a.alert, a.scope, a.id, a.month, a.indicator`,
  'signals.csv': `
    SELECT setl_id, fixmedins_code, insutype, month, group_code, signal, scaled_text(value4, 4) AS value
      , scaled_text(limit4, 4) AS limit_value, reference
    FROM signal_result ORDER BY setl_id, signal`,
  'definitions.csv': `
    SELECT indicator, family, title_zh, title_en, formula_zh, formula_en, unit, decimals, numerator, denominator, direction
      , evidence, source, needs_zh, needs_en, rule
    FROM indicator_definition ORDER BY position`,
});

/** Writes the CSV files into `folder`, which exists. The same settlement gives the same bytes. @returns rows of each file */
export async function writeEvaluation(
  engine: Engine,
  folder: string,
  language: Language,
): Promise<Readonly<Record<string, number>>> {
  const rows: Record<string, number> = {};
  for (const [name, query] of Object.entries(queries(language))) {
    const written = await engine.row(
      `COPY (${query}) TO ${literal(join(folder, name))} (FORMAT csv, HEADER true, DELIMITER ',')`,
    );
    rows[name] = Number(written.Count);
  }
  return rows;
}
