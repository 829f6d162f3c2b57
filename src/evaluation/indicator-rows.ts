import type { Cell, Engine } from '#engine/duckdb.ts';
import type { Scope } from './definitions.ts';

/** An indicator of one scope and period. Amounts are integers in units of 10^−decimals of the definition. */
export type IndicatorRow = {
  readonly scope: Scope;
  /** '' for the area; insutype, level, fixmedins_code or group_code */
  readonly id: string;
  /** 0: the year */
  readonly month: number;
  readonly indicator: string;
  readonly numerator: bigint | null;
  readonly denominator: bigint | null;
  readonly value: bigint | null;
  readonly last_year_value: bigint | null;
  readonly change: bigint | null;
  readonly status: 'given' | 'zero-denominator' | 'not-applicable';
};

/** An institution beside the institutions of its level; percentile4 is × 10^4 and null when it is alone. */
export type PeerRow = {
  readonly fixmedins_code: string;
  readonly level: number;
  readonly indicator: string;
  readonly value: bigint;
  readonly peers: bigint;
  readonly below: bigint;
  readonly percentile4: bigint | null;
  readonly minimum: bigint;
  readonly p25: bigint;
  readonly median: bigint;
  readonly p75: bigint;
  readonly maximum: bigint;
};

export type IndicatorQuestion = {
  readonly scope: Scope;
  readonly id?: string;
  /** 0: the year; undefined: the year and its months */
  readonly month?: number;
  readonly indicators?: readonly string[];
};

/** Indicators that `evaluateYear` has left in the engine, in the order of scope, id, month and definition. */
export async function indicatorRows(engine: Engine, question: IndicatorQuestion): Promise<IndicatorRow[]> {
  const conditions = ['scope = ?'];
  const values: Cell[] = [question.scope];
  if (question.id !== undefined) {
    conditions.push('id = ?');
    values.push(question.id);
  }
  if (question.month !== undefined) {
    conditions.push('month = ?');
    values.push(question.month);
  }
  if (question.indicators !== undefined) {
    conditions.push(`indicator IN (${question.indicators.map(() => '?').join(', ')})`);
    values.push(...question.indicators);
  }
  return (await engine.rows(
    `SELECT scope, id, month, indicator, numerator, denominator, value, last_year_value, change, status
     FROM indicator_result WHERE ${conditions.join(' AND ')} ORDER BY scope, id, month, position`,
    values,
  )) as unknown as IndicatorRow[];
}

/** How one institution stands among those of its level. */
export async function peerRows(engine: Engine, fixmedinsCode: string): Promise<PeerRow[]> {
  return (await engine.rows(
    `SELECT fixmedins_code, level, indicator, value, peers, below, percentile4, minimum, p25, median, p75, maximum
     FROM peer_result WHERE fixmedins_code = ? ORDER BY position`,
    [fixmedinsCode],
  )) as unknown as PeerRow[];
}
