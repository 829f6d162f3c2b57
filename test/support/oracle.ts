/**
 * The reference profile once more, list by list and in plain arrays, from the one-case rules in TypeScript. It is slow
 * and simple on purpose: the SQL pipeline must give the same files, byte for byte.
 */
import type { ProcedureAttribute } from '#catalogue/area-tables.ts';
import {
  assignGroup,
  type CaseKeys,
  type CoreGroup,
  caseKeys,
  type KeyPolicy,
} from '#grouping/dip/assign-group.ts';
import {
  divide,
  type Fraction,
  floor,
  fraction,
  multiply,
  ONE,
  parseDecimal,
  roundTo,
  scaledText,
  subtract,
} from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { type PointsPolicy, scoreGroupedCase, scoreUngroupedCase } from '#payment/points/score-case.ts';
import {
  diseaseScore4,
  levelCoefficient4,
  startPointValue8,
  weightedMean,
} from '#payment/points/weighted-mean.ts';

export type OracleList = {
  readonly setl_id: string;
  readonly fixmedins_code: string;
  readonly insutype: string;
  readonly adm_time: string;
  readonly dscg_time: string;
  readonly medfee_sumamt: string;
  readonly fund_pay_sumamt: string;
  readonly diagnoses: string;
  readonly procedures: string;
};

export type OracleArea = {
  readonly institutions: readonly {
    readonly fixmedins_code: string;
    readonly name: string;
    readonly level: number;
  }[];
  readonly procedures: ReadonlyMap<string, ProcedureAttribute>;
  readonly primaryCareGroups: ReadonlySet<string>;
  readonly lists: readonly OracleList[];
  readonly budgets: readonly { readonly year: number; readonly insutype: string; readonly budget: string }[];
  readonly institutionYears: readonly {
    readonly year: number;
    readonly fixmedins_code: string;
    readonly insutype: string;
    readonly assessment_coefficient: string;
    readonly audit_deduction: string;
    readonly advance_paid: string;
  }[];
};

export const REFERENCE_KEYS: KeyPolicy = {
  coreDiagnosisLength: 5,
  comprehensiveDiagnosisLength: 3,
  comprehensiveClass: { surgery: '4', intervention: '4', therapeutic: '3', diagnostic: '2', none: '1' },
};

export const REFERENCE_POINTS: PointsPolicy = {
  lowRatio: fraction(1n, 2n),
  highRatio: fraction(2n),
  lowBoundary: 'below',
  highBoundary: 'above',
  ratioBase: 'mean-and-coefficient',
  lowPoints: 'with-coefficient',
  highPoints: 'coefficient-times-excess',
  extremeRatio: undefined,
  extremePoints: 'normal',
  typeInBase: false,
  ungroupedRatio: fraction(7n, 10n),
};

/** The parameters of a settlement; the reference profile's unless a test says otherwise. */
export type OraclePolicy = PointsPolicy & {
  /** Score of a case of average cost. */
  readonly meanScore: Fraction;
  readonly coreThreshold: number;
  readonly monthlyRatio: Fraction;
  /** oldest year first */
  readonly yearWeights: readonly bigint[];
  readonly primaryCareCoefficient4: bigint;
};

export const REFERENCE_POLICY: OraclePolicy = {
  ...REFERENCE_POINTS,
  meanScore: fraction(1000n),
  coreThreshold: 15,
  monthlyRatio: fraction(95n, 100n),
  yearWeights: [1n, 2n, 7n],
  primaryCareCoefficient4: 10_000n,
};

const points = (value: bigint) => scaledText(value, 4);
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const sum = (values: Iterable<bigint>) => {
  let total = 0n;
  for (const value of values) total += value;
  return total;
};
const csv = (header: string, rows: readonly (readonly (string | number | bigint)[])[]) =>
  `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;

type Accepted = {
  readonly list: OracleList;
  readonly year: number;
  readonly month: string;
  readonly cost: bigint;
  readonly nonFund: bigint;
  readonly level: number;
  readonly keys: CaseKeys;
};

/** File name → text for every CSV of a settlement except refused.csv, and the setl_ids refused, in input order. */
export function settleByOracle(
  area: OracleArea,
  year: number,
  policy: OraclePolicy = REFERENCE_POLICY,
): { files: Record<string, string>; refused: string[] } {
  const weights = new Map(
    policy.yearWeights.map((weight, index) => [year - policy.yearWeights.length + index, weight]),
  );
  const levelOf = new Map(area.institutions.map((row) => [row.fixmedins_code, row.level]));
  const idCounts = new Map<string, number>();
  for (const { setl_id } of area.lists) idCounts.set(setl_id, (idCounts.get(setl_id) ?? 0) + 1);

  const accepted: Accepted[] = [];
  const refused: string[] = [];
  for (const list of area.lists) {
    const cost = parseYuan(list.medfee_sumamt);
    const fund = parseYuan(list.fund_pay_sumamt);
    const level = levelOf.get(list.fixmedins_code);
    const diagnosis = list.diagnoses.split('|')[0]!;
    const good =
      idCounts.get(list.setl_id) === 1 &&
      level !== undefined &&
      ['310', '390'].includes(list.insutype) &&
      diagnosis !== '' &&
      list.adm_time <= list.dscg_time &&
      cost !== undefined &&
      cost > 0n &&
      fund !== undefined &&
      fund >= 0n &&
      fund <= cost;
    if (!good) {
      refused.push(list.setl_id);
      continue;
    }
    accepted.push({
      list,
      year: Number(list.dscg_time.slice(0, 4)),
      month: list.dscg_time.slice(0, 7),
      cost,
      nonFund: cost - fund,
      level,
      keys: caseKeys(diagnosis, list.procedures, area.procedures, REFERENCE_KEYS),
    });
  }
  const history = accepted.filter((entry) => weights.has(entry.year));
  const current = accepted.filter((entry) => entry.year === year);
  const meanOf = (entries: readonly Accepted[]): Fraction | undefined =>
    weightedMean(
      [...Map.groupBy(entries, (entry) => entry.year)].map(([y, list]) => ({
        year: y,
        cases: BigInt(list.length),
        costFen: sum(list.map((entry) => entry.cost)),
      })),
      weights,
    );
  const areaMean = meanOf(history)!;

  type Group = CoreGroup & { kind: string; cases: number; meanFen: Fraction };
  const makeGroup = (
    groupCode: string,
    kind: string,
    procedures: readonly string[],
    entries: readonly Accepted[],
  ): Group => {
    const meanFen = meanOf(entries)!;
    const score4 = diseaseScore4(meanFen, areaMean, policy.meanScore);
    return { groupCode, kind, procedures, cases: entries.length, meanFen, score4 };
  };
  const coreGroups = [...Map.groupBy(history, (entry) => entry.keys.fullKey)]
    .filter(([, entries]) => entries.length >= policy.coreThreshold)
    .map(([key, entries]) => makeGroup(key, 'core', entries[0]!.keys.eligibleProcedures, entries));
  const coreByDiagnosis = Map.groupBy(coreGroups, (group) => group.groupCode.split('+')[0]!);
  const assign = (entry: Accepted, comprehensive: ReadonlySet<string>) =>
    assignGroup(entry.keys, coreByDiagnosis.get(entry.keys.coreDiagnosis) ?? [], comprehensive);
  const left = history.filter((entry) => assign(entry, new Set()).step === 'd');
  const comprehensiveGroups = [...Map.groupBy(left, (entry) => entry.keys.comprehensiveKey)].map(
    ([key, entries]) => makeGroup(key, 'comprehensive', [], entries),
  );
  const comprehensive = new Set(comprehensiveGroups.map((group) => group.groupCode));
  const groups = [...coreGroups, ...comprehensiveGroups].toSorted((a, b) => byText(a.groupCode, b.groupCode));
  const groupOf = new Map(groups.map((group) => [`${group.kind} ${group.groupCode}`, group]));

  const coefficients = [1, 2, 3].map((level): [number, bigint] => {
    const mean = meanOf(history.filter((entry) => entry.level === level));
    return [level, mean ? levelCoefficient4(mean, areaMean) : 10_000n];
  });
  const coefficientOf = new Map(coefficients);

  const score = (entry: Accepted) => {
    const { kind, groupCode } = assign(entry, comprehensive);
    if (groupCode === undefined) {
      const { points4 } = scoreUngroupedCase(
        entry.cost,
        { meanFen: areaMean, score: policy.meanScore },
        policy,
      );
      return { entry, groupCode: '', kind, deviation: '', points4 };
    }
    const coefficient4 = area.primaryCareGroups.has(groupCode)
      ? policy.primaryCareCoefficient4
      : coefficientOf.get(entry.level)!;
    const { deviation, points4 } = scoreGroupedCase(
      entry.cost,
      groupOf.get(`${kind} ${groupCode}`)!,
      coefficient4,
      policy,
    );
    return { entry, groupCode, kind, deviation, points4 };
  };
  const historyPoints = [...Map.groupBy(history.map(score), ({ entry }) => entry.year)].map(
    ([y, scored]) => ({
      year: y,
      costFen: sum(scored.map(({ entry }) => entry.cost)),
      points4: sum(scored.map(({ points4 }) => points4)),
    }),
  );
  const startPointValue = startPointValue8(historyPoints, weights)!;
  const cases = current.map(score).toSorted((a, b) => byText(a.entry.list.setl_id, b.entry.list.setl_id));

  const monthly = [
    ...Map.groupBy(
      cases,
      ({ entry }) => `${entry.month},${entry.list.insutype},${entry.list.fixmedins_code}`,
    ),
  ]
    .toSorted(([a], [b]) => byText(a, b))
    .map(([key, scored]) => {
      const points4 = sum(scored.map((one) => one.points4));
      const nonFund = sum(scored.map(({ entry }) => entry.nonFund));
      // points4 / 10^4 · value8 / 10^8 yuan in fen
      const base = roundTo(
        subtract(fraction(points4 * startPointValue, 10_000_000_000n), fraction(nonFund)),
        0,
      );
      const paid = base > 0n ? roundTo(multiply(policy.monthlyRatio, fraction(base)), 0) : 0n;
      return { key, cases: scored.length, points4, base, paid };
    });

  const pointValues: string[][] = [];
  const clearing: (string | number)[][] = [];
  const residuals: string[][] = [];
  for (const { insutype, budget } of area.budgets
    .filter((row) => row.year === year)
    .toSorted((a, b) => byText(a.insutype, b.insutype))) {
    const own = cases.filter(({ entry }) => entry.list.insutype === insutype);
    const budgetFen = parseYuan(budget)!;
    const nonFund = sum(own.map(({ entry }) => entry.nonFund));
    const total4 = sum(own.map(({ points4 }) => points4));
    const value = total4 === 0n ? undefined : divide(fraction(budgetFen + nonFund), fraction(total4));
    pointValues.push([
      insutype,
      yuanText(budgetFen),
      yuanText(nonFund),
      points(total4),
      scaledText(startPointValue, 8),
      // fen per 10^-4 point is 100 yuan per point
      value ? scaledText(roundTo(multiply(value, fraction(100n)), 8), 8) : '',
    ]);
    const ofYear = area.institutionYears.filter((row) => row.year === year && row.insutype === insutype);
    const codes = [
      ...new Set([
        ...own.map(({ entry }) => entry.list.fixmedins_code),
        ...ofYear.map((row) => row.fixmedins_code),
      ]),
    ].toSorted(byText);
    const shares = codes.map((code) => {
      const mine = own.filter(({ entry }) => entry.list.fixmedins_code === code);
      const points4 = sum(mine.map((one) => one.points4));
      const mineNonFund = sum(mine.map(({ entry }) => entry.nonFund));
      const exact = value
        ? subtract(multiply(fraction(points4), value), fraction(mineNonFund))
        : fraction(0n);
      return { code, cases: mine.length, points4, exact, due: floor(exact) };
    });
    let over = value ? budgetFen - sum(shares.map(({ due }) => due)) : 0n;
    const rest = (share: { exact: Fraction; due: bigint }) => subtract(share.exact, fraction(share.due));
    for (const share of shares.toSorted((a, b) => {
      const difference = subtract(rest(b), rest(a)).numerator;
      return difference > 0n ? 1 : difference < 0n ? -1 : byText(a.code, b.code);
    })) {
      if (over === 0n) break;
      share.due += 1n;
      over -= 1n;
    }
    let used = 0n;
    for (const share of shares) {
      const row = ofYear.find((entry) => entry.fixmedins_code === share.code);
      const assessed = roundTo(
        multiply(fraction(share.due), row ? parseDecimal(row.assessment_coefficient)! : ONE),
        0,
      );
      const audit = row ? parseYuan(row.audit_deduction)! : 0n;
      const advance = row ? parseYuan(row.advance_paid)! : 0n;
      const paid = sum(
        monthly.filter(({ key }) => key.endsWith(`,${insutype},${share.code}`)).map((month) => month.paid),
      );
      used += assessed - audit;
      clearing.push([
        insutype,
        share.code,
        share.cases,
        points(share.points4),
        yuanText(share.due),
        yuanText(assessed),
        yuanText(audit),
        yuanText(assessed - audit),
        yuanText(paid),
        yuanText(advance),
        yuanText(assessed - audit - paid - advance),
      ]);
    }
    residuals.push([insutype, yuanText(budgetFen - used)]);
  }

  return {
    refused,
    files: {
      'groups.csv': csv(
        'group_code,kind,cases,average_cost,score',
        groups.map((group) => [
          group.groupCode,
          group.kind,
          group.cases,
          yuanText(roundTo(group.meanFen, 0)),
          points(group.score4),
        ]),
      ),
      'coefficients.csv': csv(
        'level,coefficient',
        coefficients.map(([level, value]) => [level, points(value)]),
      ),
      'cases.csv': csv(
        'setl_id,fixmedins_code,insutype,group_code,kind,deviation,points',
        cases.map(({ entry, groupCode, kind, deviation, points4 }) => [
          entry.list.setl_id,
          entry.list.fixmedins_code,
          entry.list.insutype,
          groupCode,
          kind,
          deviation,
          points(points4),
        ]),
      ),
      'point_values.csv': csv(
        'insutype,budget,non_fund,points,start_point_value,settlement_point_value',
        pointValues,
      ),
      'monthly.csv': csv(
        'month,insutype,fixmedins_code,cases,points,base,paid',
        monthly.map((row) => [
          row.key,
          row.cases,
          points(row.points4),
          yuanText(row.base),
          yuanText(row.paid),
        ]),
      ),
      'clearing.csv': csv(
        'insutype,fixmedins_code,cases,points,due,assessed,audit_deduction,result,monthly_paid,advance_paid,clearing_cash',
        clearing,
      ),
      'residual.csv': csv('insutype,residual', residuals),
    },
  };
}
