/**
 * A random DRG area over the bundled teaching scheme, and its cases once more, list by list: the plain interpreter of the
 * scheme and the one-case rules in TypeScript. Slow and simple on purpose.
 */

import { caseOf } from '#grouping/drg/case-row.ts';
import { openScheme, type Scheme } from '#grouping/drg/index.ts';
import { interpretCase } from '#grouping/drg/interpret.ts';
import { divide, type Fraction, fraction, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { incompletePoints4, pointsOfAmount4, readmittedPoints4 } from '#payment/adjustment/one-case.ts';
import { type PointsPolicy, scoreGroupedCase, scoreUngroupedCase } from '#payment/points/score-case.ts';
import { levelCoefficient4, startPointValue8, weightedMean } from '#payment/points/weighted-mean.ts';
import type { OracleArea, OracleList } from './oracle.ts';
import { randomNumbers } from './random-area.ts';
import type { ListFacts } from './write-area.ts';

export const DRG_YEAR = 2025;
export type DrgList = OracleList & Required<ListFacts>;
export type DrgArea = Omit<OracleArea, 'lists'> & { readonly lists: readonly DrgList[] };

const { scheme } = openScheme('drg-teaching');

/** A few hundred lists of few persons, so that readmissions are common. */
export function randomDrgArea(seed: number): DrgArea {
  const random = randomNumbers(seed);
  const integer = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const institutions = Array.from({ length: integer(2, 5) }, (_, index) => ({
    fixmedins_code: `H${index}`,
    name: `机构${index}`,
    level: integer(1, 3),
  }));
  // few diagnoses, so that groups have history; some codes that no list of the scheme has
  const listed = [...scheme.lists].flatMap(([name, list]) =>
    name.startsWith('MDC') ? [...list.partOf.keys()] : [],
  );
  const diagnoses = [...Array.from({ length: 12 }, () => pick(listed)), 'Z51.102', 'X99.9'];
  const complications = [...scheme.mcc.keys(), ...scheme.cc.keys()];
  const procedures = [...scheme.validProcedures];
  const lists = Array.from({ length: integer(250, 450) }, (_, index): DrgList => {
    const year = integer(DRG_YEAR - 3, DRG_YEAR);
    const admitted = Temporal.PlainDate.from({ year, month: integer(1, 11), day: integer(1, 28) });
    const cost = BigInt(Math.floor(20_000 + random() * random() * random() * 9_000_000));
    return {
      setl_id: `S${String(index).padStart(6, '0')}`,
      fixmedins_code: pick(institutions).fixmedins_code,
      psn_no: random() < 0.1 ? '' : `P${integer(1, 12)}`,
      insutype: pick(['310', '390']),
      gend: pick(['1', '2']),
      age: String(integer(0, 95)),
      dscg_way: pick(['1', '1', '1', '2', '3', '5']),
      adm_time: admitted.toString(),
      dscg_time: admitted.add({ days: integer(0, 20) }).toString(),
      medfee_sumamt: yuanText(cost),
      fund_pay_sumamt: yuanText((cost * BigInt(integer(0, 100))) / 100n),
      diagnoses: [pick(diagnoses), ...(random() < 0.5 ? [pick(complications)] : [])].join('|'),
      procedures: random() < 0.4 ? pick(procedures) : '',
    };
  });
  const budget = (insutype: string) =>
    yuanText(
      lists
        .filter((list) => list.insutype === insutype && list.dscg_time.startsWith(String(DRG_YEAR)))
        .reduce((sum, list) => sum + parseYuan(list.fund_pay_sumamt)!, 0n),
    );
  return {
    institutions,
    procedures: new Map([['47.0100', 'surgery']]),
    primaryCareGroups: new Set(),
    lists,
    budgets: ['310', '390'].map((insutype) => ({ year: DRG_YEAR, insutype, budget: budget(insutype) })),
    institutionYears: institutions.map(({ fixmedins_code }) => ({
      year: DRG_YEAR,
      fixmedins_code,
      insutype: pick(['310', '390']),
      assessment_coefficient: pick(['1', '0.97', '1.02']),
      audit_deduction: pick(['0', '1200.50']),
      advance_paid: '0',
    })),
  };
}

const WEIGHTS = new Map([
  [2022, 1n],
  [2023, 2n],
  [2024, 7n],
]);
const MEAN_SCORE = 1000n;
const POLICY: PointsPolicy = {
  lowRatio: fraction(2n, 5n),
  highRatio: fraction(3n),
  lowBoundary: 'below',
  highBoundary: 'above',
  ratioBase: 'mean',
  lowPoints: 'with-coefficient',
  highPoints: 'excess-plus-coefficient',
  extremeRatio: undefined,
  extremePoints: 'normal',
  typeInBase: false,
  ungroupedRatio: fraction(7n, 10n),
};

/**
 * groups.csv, cases.csv and adjustments.csv (without amount and reference) of the DRG reference profile.
 * @param isStable whether a group with these history costs (fen) has a score
 */
export function scoreDrgArea(
  area: DrgArea,
  isStable: (costs: readonly bigint[]) => boolean = () => true,
): { groups: string; cases: string; adjusted: readonly string[] } {
  const levelOf = new Map(area.institutions.map((row) => [row.fixmedins_code, row.level]));
  const entries = area.lists
    .filter((list) => list.dscg_time.slice(0, 4) >= '2022' && list.dscg_time.slice(0, 4) <= '2025')
    .map((list) => ({
      list,
      year: Number(list.dscg_time.slice(0, 4)),
      level: levelOf.get(list.fixmedins_code)!,
      cost: parseYuan(list.medfee_sumamt)!,
      stay: Math.max(daysBetween(list.adm_time, list.dscg_time), 1),
      outcome: groupOf(scheme, list),
    }));
  type Entry = (typeof entries)[number];
  const meanOf = (some: readonly Entry[]): Fraction | undefined =>
    weightedMean(
      [...Map.groupBy(some, ({ year }) => year)].map(([year, own]) => ({
        year,
        cases: BigInt(own.length),
        costFen: own.reduce((sum, { cost }) => sum + cost, 0n),
      })),
      WEIGHTS,
    );
  const history = entries.filter(({ year }) => WEIGHTS.has(year));
  const areaMean = meanOf(history)!;
  const groups = new Map(
    [
      ...Map.groupBy(
        history.filter(({ outcome }) => outcome.status === 'grouped'),
        ({ outcome }) => outcome.drg,
      ),
    ]
      .filter(([, own]) => isStable(own.map(({ cost }) => cost)))
      .map(([code, own]) => {
        const meanFen = meanOf(own)!;
        return [
          code,
          { meanFen, score4: roundTo(divide(meanFen, areaMean), 4) * MEAN_SCORE, cases: own.length },
        ];
      }),
  );
  const coefficients = new Map(
    [1, 2, 3].map((level) => {
      const mean = meanOf(history.filter((entry) => entry.level === level));
      return [level, mean ? levelCoefficient4(mean, areaMean) : 10_000n];
    }),
  );
  const scored = entries.map((entry) => {
    const group = entry.outcome.status === 'grouped' ? groups.get(entry.outcome.drg) : undefined;
    const score = group
      ? scoreGroupedCase(entry.cost, group, coefficients.get(entry.level)!, POLICY)
      : scoreUngroupedCase(entry.cost, { meanFen: areaMean, score: fraction(MEAN_SCORE) }, POLICY);
    const deviation = score.kind === 'grouped' ? score.deviation : '';
    return { ...entry, group, code: group ? entry.outcome.drg : '', deviation, points4: score.points4 };
  });
  const pointValue8 = startPointValue8(
    [
      ...Map.groupBy(
        scored.filter(({ year }) => WEIGHTS.has(year)),
        ({ year }) => year,
      ),
    ].map(([year, own]) => ({
      year,
      costFen: own.reduce((sum, { cost }) => sum + cost, 0n),
      points4: own.reduce((sum, { points4 }) => sum + points4, 0n),
    })),
    WEIGHTS,
  )!;

  const cases = scored
    .filter(({ year }) => year === DRG_YEAR)
    .toSorted((a, b) => (a.list.setl_id < b.list.setl_id ? -1 : 1));
  const adjusted: { id: string; step: number; name: string; before: bigint; after: bigint }[] = [];
  const touched = new Set<string>();
  const adjust = (one: (typeof cases)[number], step: number, name: string, after: bigint) => {
    adjusted.push({ id: one.list.setl_id, step, name, before: one.points4, after });
    touched.add(one.list.setl_id);
    one.points4 = after;
  };
  for (const one of cases) {
    if (one.group && ['2', '3'].includes(one.list.dscg_way) && one.stay <= 3) {
      adjust(
        one,
        1,
        'incomplete',
        incompletePoints4(one.group.score4, one.cost, roundTo(one.group.meanFen, 0)),
      );
    }
  }
  for (const one of cases) {
    if (one.deviation === 'low' && !touched.has(one.list.setl_id)) {
      adjust(one, 2, 'outlier-cost', pointsOfAmount4(one.cost, pointValue8));
    }
  }
  const returned = new Set<string>();
  for (const back of cases) {
    const { list } = back;
    if (!back.group || list.psn_no === '' || /^Z51\.[01]/.test(list.diagnoses)) continue;
    const earlier = cases
      .filter(
        (one) =>
          one !== back &&
          one.code === back.code &&
          one.list.psn_no === list.psn_no &&
          one.list.insutype === list.insutype &&
          one.list.fixmedins_code === list.fixmedins_code &&
          one.list.dscg_time <= list.adm_time &&
          daysBetween(one.list.dscg_time, list.adm_time) <= 15 &&
          (one.list.dscg_time < list.dscg_time || one.list.setl_id < list.setl_id),
      )
      .toSorted((a, b) =>
        a.list.dscg_time === b.list.dscg_time
          ? a.list.setl_id < b.list.setl_id
            ? 1
            : -1
          : a.list.dscg_time < b.list.dscg_time
            ? 1
            : -1,
      )[0];
    if (earlier) returned.add(earlier.list.setl_id);
  }
  for (const one of cases) {
    if (returned.has(one.list.setl_id)) {
      adjust(one, 3, 'readmission', readmittedPoints4(one.points4, fraction(1n, 2n)));
    }
  }
  return {
    groups: csv(
      'group_code,kind,cases,average_cost,score',
      [...groups]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([code, { meanFen, score4, cases: count }]) =>
          [code, 'drg', count, yuanText(roundTo(meanFen, 0)), scaledText(score4, 4)].join(','),
        ),
    ),
    cases: csv(
      'setl_id,fixmedins_code,insutype,group_code,kind,deviation,points',
      cases.map(({ list, code, deviation, points4 }) =>
        [
          list.setl_id,
          list.fixmedins_code,
          list.insutype,
          code,
          code === '' ? 'ungrouped' : 'drg',
          deviation,
          scaledText(points4, 4),
        ].join(','),
      ),
    ),
    adjusted: adjusted
      .toSorted((a, b) => (a.id === b.id ? a.step - b.step : a.id < b.id ? -1 : 1))
      .map(({ id, name, before, after }) =>
        [id, name, scaledText(before, 4), scaledText(after, 4)].join(','),
      ),
  };
}

const csv = (header: string, rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;

const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).total('days');

function groupOf(of: Scheme, list: DrgList) {
  const values: Readonly<Record<string, string>> = {
    sex: list.gend,
    age_years: list.age,
    length_of_stay: String(Math.max(daysBetween(list.adm_time, list.dscg_time), 1)),
    disposition: list.dscg_way,
  };
  return interpretCase(
    of,
    caseOf((field) => values[field] ?? '', list.diagnoses, list.procedures),
  ).outcome;
}
