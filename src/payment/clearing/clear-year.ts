import { type AreaTables, SCHEMES } from '#catalogue/area-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import { compare, divide, fraction, roundTo, scaledText } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';
import type { YearWeights } from '../points/weighted-mean.ts';
import { type ClearingFiles, clearingErrors } from './area-files.ts';
import { ownRatioDue, pointValueRule } from './due-of-scheme.ts';
import { startPointValue } from './start-point-value.ts';

/** Makes the tables that come from the files of the months and the clearing; only the rows of the payment year. */
export async function loadClearingFiles(
  engine: Engine,
  files: ClearingFiles,
  tables: AreaTables,
  year: number,
  policy: Policy,
  planFunds: ReadonlyMap<string, bigint>,
): Promise<void> {
  await runScript(engine, sourceFile('payment/clearing/clearing_tables.sql'));
  const numberOf = new Map(tables.institutions.map((row, index) => [row.fixmedinsCode, index]));
  const number = (row: { readonly fixmedinsCode: string }) => numberOf.get(row.fixmedinsCode)!;
  const inYear = <Row extends { readonly month: { readonly year: number } }>(rows: readonly Row[]) =>
    rows.filter((row) => row.month.year === year);
  const ofYear = <Row extends { readonly year: number }>(rows: readonly Row[]) =>
    rows.filter((row) => row.year === year);
  await engine.append(
    'month_deduction',
    inYear(files.monthDeductions).map((row) => [
      row.month.month,
      row.scheme,
      number(row),
      row.amountFen,
      row.reason,
    ]),
  );
  await engine.append(
    'month_lock',
    inYear(files.monthLocks).map((row) => [row.month.month, row.lockDate]),
  );
  await engine.append(
    'list_upload',
    files.listUploads.map((row) => [row.setlId, row.uploadDate]),
  );
  await engine.append(
    'other_fund',
    inYear(files.otherFunds).map((row) => [row.month.month, row.scheme, number(row), row.amountFen, row.row]),
  );
  await engine.append(
    'assessment_score',
    ofYear(files.scores).map((row) => [number(row), row.score4]),
  );
  await engine.append(
    'published_point_value',
    ofYear(files.publishedValues).map(({ scheme, pointValue8, rate8 }) => [
      scheme,
      // a weight of 1 has `score.mean_score` points
      pointValue8 ?? roundTo(divide(fraction(rate8!), policy.fraction('score.mean_score')), 0),
    ]),
  );
  await engine.append(
    'baseline_points',
    ofYear(files.baselinePoints).map((row) => [row.scheme, number(row), row.points4]),
  );
  const funds = SCHEMES.map((scheme): [string, bigint] => {
    const given = ofYear(files.adjustmentFunds).find((row) => row.scheme === scheme)?.amountFen ?? 0n;
    return [scheme, given + (planFunds.get(scheme) ?? 0n)];
  });
  await engine.append('adjustment_fund', funds);
}

/** The institutions' own costs, which the start-of-year point value may be taken from. */
export async function loadOperatingCosts(
  engine: Engine,
  files: ClearingFiles,
  tables: AreaTables,
): Promise<void> {
  const numberOf = new Map(tables.institutions.map((row, index) => [row.fixmedinsCode, index]));
  await engine.append(
    'institution_cost',
    files.operatingCosts.map((row) => [
      row.year,
      numberOf.get(row.fixmedinsCode)!,
      row.incomeFen ?? null,
      row.operatingCostFen,
    ]),
  );
}

/** What was left out for the start-of-year point value, when the policy trims. */
export type Trimming = {
  readonly cases: bigint;
  readonly trimmed: bigint;
  /** of the cases, six decimals */
  readonly share: string;
  readonly isInside: boolean;
};

export type StartPointValues = {
  /** yuan × 10^8, by scheme */
  readonly values8: ReadonlyMap<string, bigint>;
  /** institutions of the value zone by scheme; the whole region where there is no zone */
  readonly zones: ReadonlyMap<string, readonly number[]>;
  readonly trimming: Trimming | undefined;
};

/**
 * Makes `history_points` and `start_point_value` from `scored_list`.
 * @param budgeted schemes with a budget in the payment year
 * @throws YibaoError when the history has no points, nobody is in the value zone, or too much or little is trimmed
 */
export async function makeStartPointValue(
  engine: Engine,
  policy: Policy,
  weights: YearWeights,
  year: number,
  budgeted: ReadonlySet<string>,
): Promise<StartPointValues> {
  const isTrimmed = policy.choice('point_value.start_trimming') === 'group-quantiles';
  if (isTrimmed) await makeTable(engine, sourceFile('payment/points/trim_limit.sql'));
  await makeTable(engine, sourceFile('payment/points/history_points.sql'));
  const trimming = isTrimmed ? await trimmingOf(engine, policy) : undefined;
  const zone = policy.choice('point_value.start_zone');
  const isTogether = policy.choice('point_value.start_scope') === 'together';
  const values8 = new Map<string, bigint>();
  const zones = new Map<string, readonly number[]>();
  for (const scheme of SCHEMES) {
    // income and operating cost are the institution's, not a scheme's: they are shared by points between the schemes
    const rows = await engine.rows(
      `SELECT h.year, h.institution_no, sum(h.cost_fen) AS cost_fen, sum(h.points4) AS points4
         , min(c.income_fen) AS income_fen, min(c.operating_cost_fen) AS operating_cost_fen
         , min(t.points4) AS year_points4
       FROM history_points AS h
       LEFT JOIN institution_cost AS c ON c.year = h.year AND c.institution_no = h.institution_no
       JOIN (SELECT year, institution_no, sum(points4) AS points4 FROM history_points GROUP BY year, institution_no) AS t
         ON t.year = h.year AND t.institution_no = h.institution_no
       WHERE $1 OR h.scheme = $2
       GROUP BY h.year, h.institution_no ORDER BY h.year, h.institution_no`,
      [isTogether, Number(scheme)],
    );
    const found = startPointValue(
      rows.map((row) => {
        const [points4, all] = [row.points4 as bigint, row.year_points4 as bigint];
        const part = (money: unknown) =>
          money === null || all === 0n ? undefined : roundTo(fraction((money as bigint) * points4, all), 0);
        return {
          year: Number(row.year),
          institution: Number(row.institution_no),
          costFen: row.cost_fen as bigint,
          points4,
          incomeFen: part(row.income_fen),
          operatingCostFen: part(row.operating_cost_fen),
        };
      }),
      weights,
      zone,
    );
    if (found === undefined) {
      const isEmptyZone = zone === 'value-zone-2d' && rows.some((row) => (row.points4 as bigint) > 0n);
      // a scheme that begins has no history of its own; without a budget it needs no value
      if (!isTogether && !isEmptyZone && !budgeted.has(scheme)) continue;
      throw new YibaoError({
        definition: isEmptyZone ? clearingErrors.emptyZone : areaErrors.noHistoryPoints,
        file: isEmptyZone ? 'operating_costs.csv' : 'settlement_lists',
        parameters: { year },
      });
    }
    values8.set(scheme, found.value8);
    zones.set(scheme, found.institutions);
  }
  await engine.append('start_point_value', values8);
  return { values8, zones, trimming };
}

async function trimmingOf(engine: Engine, policy: Policy): Promise<Trimming> {
  const row = await engine.row(
    'SELECT coalesce(sum(cases_before_trimming), 0) AS cases, coalesce(sum(cases_before_trimming - cases), 0) AS trimmed FROM history_points',
  );
  const [cases, trimmed] = [row.cases as bigint, row.trimmed as bigint];
  const share = fraction(trimmed, cases === 0n ? 1n : cases);
  const [minimum, maximum] = ['point_value.trim_share_minimum', 'point_value.trim_share_maximum'] as const;
  const isInside =
    compare(share, policy.fraction(minimum)) >= 0 && compare(share, policy.fraction(maximum)) <= 0;
  const shown = scaledText(roundTo(share, 6), 6);
  if (!isInside && policy.choice('point_value.trim_share_check') === 'refuse') {
    throw new YibaoError({
      definition: clearingErrors.trimmedShare,
      parameters: {
        share: shown,
        minimum: policy.values[minimum]!.value.text,
        maximum: policy.values[maximum]!.value.text,
      },
    });
  }
  return { cases, trimmed, share: shown, isInside };
}

/** The months, the point values and the annual clearing, from `case_score`. */
export async function settleMonthsAndYear(engine: Engine, policy: Policy): Promise<void> {
  await makeTable(engine, sourceFile('payment/settlement/month_total.sql'));
  if (policy.choice('payment.patient_payments') === 'non-pool') await checkOtherFunds(engine);
  await clearMonthTotals(engine, policy);
}

/** Other funds are part of the fund payments of the lists. */
async function checkOtherFunds(engine: Engine): Promise<void> {
  const rows = await engine.rows(`
    SELECT o.row_no, yuan_text(o.other_fen) AS amount
      , yuan_text(coalesce(m.cost_fen - m.non_fund_fen + o.other_fen, 0)) AS fund
    FROM other_fund AS o
    LEFT JOIN month_total AS m ON m.month = o.month AND m.scheme = o.scheme AND m.institution_no = o.institution_no
    WHERE o.other_fen > 0 AND coalesce(m.cost_fen - m.non_fund_fen, -1) < 0
    ORDER BY o.row_no`);
  if (rows.length === 0) return;
  throw new YibaoError(
    rows.map((row) => ({
      definition: clearingErrors.otherFundsTooMuch,
      file: 'other_fund_payments.csv',
      row: Number(row.row_no),
      field: 'amount',
      value: String(row.amount),
      parameters: { fund: String(row.fund) },
    })),
  );
}

/** The same from `month_total`, which says all that the months and the clearing need to know of the lists. */
export async function clearMonthTotals(engine: Engine, policy: Policy): Promise<void> {
  const make = (name: string) => makeTable(engine, sourceFile(`payment/${name}.sql`));
  for (const table of [
    'settlement/late_list',
    'settlement/month_account',
    'settlement/month_result',
    'settlement/prepayment',
    'clearing/scheme_total',
    'settlement/quarter_result',
  ]) {
    await make(table);
  }
  if (
    policy.choice('point_value.mode') === 'elastic' &&
    policy.choice('point_value.baseline') === 'last-year'
  ) {
    await engine.run(
      `INSERT INTO baseline_points SELECT h.scheme, h.institution_no, h.points4 FROM history_points AS h
       JOIN settlement_year AS y ON h.year = y.payment_year - 1`,
    );
  }
  await make('clearing/institution_total');
  await make('clearing/pot');
  await make('clearing/pot_share');
  if (policy.choice('point_value.method') === 'ratio-own') await loadOwnRatioDue(engine, policy);
  for (const table of ['due', 'point_value_result', 'clearing_amount', 'score_band', 'audit_total']) {
    await make(`clearing/${table}`);
  }
  for (const [index, step] of policy.steps('clearing.steps').entries()) {
    const table = `${step.replace('-', '_')}_step`;
    await make(`clearing/steps/${table}`);
    await engine.run(`
      INSERT INTO clearing_line
        SELECT ${index + 1}, '${step}', s.scheme, s.institution_no, s.band, s.quantity_fen, s.factor8
          , s.amount_fen - a.amount_fen, s.amount_fen
        FROM ${table} AS s
        JOIN clearing_amount AS a ON a.scheme = s.scheme AND a.institution_no = s.institution_no;
      UPDATE clearing_amount AS a SET amount_fen = s.amount_fen
        FROM ${table} AS s WHERE s.scheme = a.scheme AND s.institution_no = a.institution_no`);
  }
  for (const table of ['clearing_result', 'residual_result', 'residual_line'])
    await make(`clearing/${table}`);
}

/** The product of points, budget and two ratios leaves HUGEINT: a few thousand institutions are done in fractions. */
async function loadOwnRatioDue(engine: Engine, policy: Policy): Promise<void> {
  const schemes = await engine.rows('SELECT scheme, budget_fen FROM scheme_total ORDER BY scheme');
  for (const { scheme, budget_fen } of schemes) {
    const rows = await engine.rows(
      'SELECT * FROM institution_total WHERE scheme = ? ORDER BY fixmedins_code',
      [scheme!],
    );
    const due = ownRatioDue(
      budget_fen as bigint,
      rows.map((row) => ({
        code: String(row.fixmedins_code),
        points4: row.points4 as bigint,
        costFen: row.cost_fen as bigint,
        nonFundFen: row.non_fund_fen as bigint,
        baselinePoints4: 0n,
      })),
      pointValueRule(policy, await fixedValue8(engine, policy, Number(scheme))),
    );
    await engine.append(
      'own_ratio_due',
      rows.map((row, index) => [Number(scheme), Number(row.institution_no), due[index]!]),
    );
  }
}

/** The value that fixed mode pays in a scheme, yuan × 10^8. */
export async function fixedValue8(
  engine: Engine,
  policy: Policy,
  scheme: number,
): Promise<bigint | undefined> {
  if (policy.choice('point_value.mode') !== 'fixed') return undefined;
  const table =
    policy.choice('point_value.published') === 'file'
      ? 'SELECT point_value8 AS value8 FROM published_point_value WHERE scheme = ?'
      : 'SELECT start_point_value8 AS value8 FROM start_point_value WHERE scheme = ?';
  const [row] = await engine.rows(table, [scheme]);
  return row?.value8 as bigint | undefined;
}
