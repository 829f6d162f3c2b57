import type { Cell, Engine } from '#engine/duckdb.ts';
import { scaledText } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { type Area, readArea } from '../data.ts';
import { NONE, separated } from '../format.ts';
import { levelName, schemeName } from '../words.ts';
import type { CellKind } from '../workbook/xlsx.ts';

export type DefinitionRow = {
  indicator: string;
  family: string;
  title_zh: string;
  title_en: string;
  formula_zh: string;
  formula_en: string;
  unit: string;
  decimals: number;
  direction: string;
  compared: boolean;
  needs_zh: string | null;
  needs_en: string | null;
  evidence: string;
  source: string;
};
/** value: in units of 10^−decimals of its definition */
export type ValueRow = {
  scope: string;
  id: string;
  month: number;
  indicator: string;
  value: bigint | null;
  last_year_value: bigint | null;
  change: bigint | null;
  status: string;
};
export type ScopeRow = { scope: string; id: string; name: string; level: number | null };
export type AlertRow = {
  alert: string;
  scope: string;
  id: string;
  month: number;
  indicator: string;
  value6: bigint;
  limit6: bigint;
};
export type SignalCount = { fixmedins_code: string; signal: string; cases: bigint };
export type PeerRow = {
  fixmedins_code: string;
  level: number;
  indicator: string;
  value: bigint;
  peers: bigint;
  percentile4: bigint | null;
  p25: bigint;
  median: bigint;
  p75: bigint;
};

/** What page, workbook and summary of an evaluation show, read from the tables of the engine. */
export type EvaluationData = {
  readonly area: Area;
  readonly families: readonly { family: string; title_zh: string; title_en: string }[];
  readonly definitions: readonly DefinitionRow[];
  readonly scopes: readonly ScopeRow[];
  /** of area, schemes, levels, institutions and the groups shown */
  readonly values: readonly ValueRow[];
  readonly groups: number;
  readonly alerts: readonly AlertRow[];
  readonly signals: readonly SignalCount[];
};

/** Groups on the page and in the summary: those of the highest cost. */
export const GROUPS_SHOWN = 40;

const query = async <Result>(engine: Engine, sql: string, parameters?: readonly Cell[]): Promise<Result[]> =>
  (await engine.rows(sql, parameters)) as unknown as Result[];

export async function readEvaluation(engine: Engine): Promise<EvaluationData> {
  return {
    area: await readArea(engine),
    families: await query(
      engine,
      'SELECT family, title_zh, title_en FROM indicator_family ORDER BY position',
    ),
    definitions: await query(engine, 'SELECT * FROM indicator_definition ORDER BY position'),
    scopes: await query(engine, 'SELECT scope, id, name, level FROM evaluation_scope ORDER BY scope, id'),
    values: await query(
      engine,
      `WITH big_group AS (
         SELECT id FROM indicator_result WHERE scope = 'group' AND month = 0 AND indicator = 'cost'
         ORDER BY value DESC, id LIMIT ${GROUPS_SHOWN}
       )
       SELECT scope, id, month, indicator, value, last_year_value, change, status FROM indicator_result
       WHERE scope <> 'group' OR (month = 0 AND id IN (SELECT id FROM big_group))
       ORDER BY scope, id, month, position`,
    ),
    groups: Number(
      (await engine.row(`SELECT count(*) AS n FROM evaluation_scope WHERE scope = 'group'`)).n as bigint,
    ),
    alerts: await query(engine, 'SELECT * FROM alert_result ORDER BY alert, scope, id, month, indicator'),
    signals: await query(
      engine,
      'SELECT fixmedins_code, signal, count(*) AS cases FROM signal_result GROUP BY fixmedins_code, signal ORDER BY fixmedins_code, signal',
    ),
  };
}

export const readPeers = (engine: Engine): Promise<PeerRow[]> =>
  query(
    engine,
    `SELECT fixmedins_code, level, indicator, value, peers, percentile4, p25, median, p75 FROM peer_result
     ORDER BY fixmedins_code, position`,
  );

/** Looks values up by scope, id, month and indicator. */
export function valueIndex(values: readonly ValueRow[]) {
  const rows = new Map(values.map((row) => [`${row.scope}\n${row.id}\n${row.month}\n${row.indicator}`, row]));
  return (scope: string, id: string, indicator: string, month = 0): ValueRow | undefined =>
    rows.get(`${scope}\n${id}\n${month}\n${indicator}`);
}

export const titleOf = (row: { readonly title_zh: string; readonly title_en: string }): Text => ({
  zh: row.title_zh,
  en: row.title_en,
});

/** A value as people read it: shares in percent, everything else with its decimals. */
export function shown(value: bigint | null | undefined, definition: DefinitionRow | undefined): string {
  if (value === null || value === undefined || definition === undefined) return NONE;
  if (definition.unit === 'share') {
    // × 10^6 as percent with two decimals, half away from zero
    const half = value < 0n ? -50n : 50n;
    return `${separated(scaledText((value + half) / 100n, 2))}%`;
  }
  return separated(scaledText(value, definition.decimals));
}

export const cellKind = (definition: DefinitionRow): CellKind =>
  (({ 0: 'count', 2: 'yuan', 4: 'scaled4', 6: 'scaled6', 8: 'scaled8' }) as const)[
    definition.decimals as 0 | 2 | 4 | 6 | 8
  ];

const UNITS: Readonly<Record<string, Text>> = {
  cases: { zh: '例', en: 'cases' },
  groups: { zh: '个', en: 'groups' },
  institutions: { zh: '家', en: 'institutions' },
  yuan: { zh: '元', en: 'yuan' },
  days: { zh: '天', en: 'days' },
  points: { zh: '分', en: 'points' },
  'yuan-per-point': { zh: '元/分', en: 'yuan per point' },
  share: { zh: '%', en: '%' },
  index: { zh: '无量纲', en: 'no unit' },
};
export const unitName = (unit: string): Text => UNITS[unit] ?? { zh: unit, en: unit };

const EVIDENCE: Readonly<Record<string, Text>> = {
  confirmed: { zh: '文件载明', en: 'in a text' },
  practice: { zh: '见于程序', en: 'in public programs' },
  memory: { zh: '凭记忆，未见原文', en: 'from memory, text not seen' },
  proposed: { zh: '本方案建议', en: 'proposal of this project' },
};
export const evidenceName = (evidence: string): Text => EVIDENCE[evidence] ?? { zh: evidence, en: evidence };

const ALERTS: Readonly<Record<string, Text>> = {
  'cost-growth': { zh: '费用环比上升', en: 'Cost above the month before' },
  'cmi-growth': { zh: 'CMI 环比上升', en: 'CMI above the month before' },
  'readmission-percentile': { zh: '14 天再住院率高于百分位', en: '14-day readmission above the percentile' },
  'outside-insurance-percentile': {
    zh: '医保外费用占比高于百分位',
    en: 'Cost outside insurance above the percentile',
  },
  borderline: { zh: '临界病例过多', en: 'Many borderline cases' },
  quality: { zh: '清单质控合格率低', en: 'Few clean lists' },
  'transfer-growth': { zh: '转院率高于上年', en: 'Transfers above last year' },
  'points-rushing': { zh: '例均点数偏离本机构各月', en: 'Points per case off the other months' },
  'above-peers': { zh: '高于本级机构', en: 'Above the institutions of the level' },
  'cv-threshold': { zh: '病种变异系数高', en: 'High CV of a group' },
};
export const alertName = (alert: string): Text => ALERTS[alert] ?? { zh: alert, en: alert };

const SIGNALS: Readonly<Record<string, Text>> = {
  'low-standard': { zh: '低标入院', en: 'Low-standard admission' },
  'short-stay-without-procedure': { zh: '无手术操作短住院', en: 'Short stay without a procedure' },
  'long-stay': { zh: '超长住院', en: 'Over-long stay' },
  'insufficient-stay': { zh: '住院过短', en: 'Far shorter than the group' },
  readmission: { zh: '31 天内再住院', en: 'Readmission within 31 days' },
  overlap: { zh: '重叠住院', en: 'Overlapping stays' },
  'low-risk-death': { zh: '低风险病种死亡', en: 'Death in a low-risk group' },
};
export const SIGNAL_NAMES = Object.entries(SIGNALS);

/** How a scope is called: its name, or what its id means. */
export function scopeName(data: EvaluationData, scope: string, id: string): Text {
  if (scope === 'area') return { zh: '全地区', en: 'Area' };
  if (scope === 'scheme') return schemeName(id);
  if (scope === 'level') return levelName(Number(id));
  const name = data.scopes.find((row) => row.scope === scope && row.id === id)?.name || id;
  return { zh: name, en: name };
}
