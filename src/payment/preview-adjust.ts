import type { Engine, Row } from '#engine/duckdb.ts';
import type { FileCase } from '#grouping/dip/index.ts';
import { roundTo } from '#kernel/fraction.ts';
import { incompletePoints4, pointsOfAmount4 } from './adjustment/one-case.ts';
import type { Catalogue } from './build-catalogue.ts';
import { caseFacts } from './explain-points.ts';
import { type GroupStandard, groupedRule, type PointsPolicy, scoreGroupedCase } from './points/score-case.ts';
import type { Settlement } from './settle-year.ts';
import { type CaseFacts, fitTypes } from './typing/type-case.ts';
import { typingStandardFen } from './typing/type-cases.ts';

type Group = Catalogue['groups'][number];

/** The auxiliary type a case would have in a group. */
export type PreviewType = { readonly code: string; readonly coefficient4: bigint };

/** What an adjustment makes of the points of a case in a group. */
export type PreviewAdjustment = {
  readonly adjustment: string;
  readonly points4: bigint;
  readonly reference: string;
};

export type AdjustedPoints = {
  readonly points4: bigint;
  readonly steps: readonly PreviewAdjustment[];
  /** steps that hang on other cases and are not worked out for this group */
  readonly notWorkedOut: readonly string[];
};

/** What of one case decides its type and its adjustments, beside its group. */
export type CaseAdjuster = {
  readonly typeIn: (group: Group, classNo: number) => PreviewType | undefined;
  readonly adjust: (
    group: Group,
    classNo: number,
    scored: { readonly points4: bigint; readonly deviation: string },
    costFen: bigint,
  ) => AdjustedPoints;
};

/** Adjustments whose effect follows from the case alone, whatever its group: amounts in the place of points, and added ones. */
const OF_THE_CASE = ['bed-day', 'special-case', 'add-on'];

/**
 * The types and adjustments of one case. Of a list of the year everything that was settled is taken as it was settled in its own
 * group; in another group a step is worked out again by the rule of one case, and named as not worked out where it hangs on
 * other cases (readmission, the share of high outliers, the conditions of a TCM group). A case of a file has no amounts of its
 * own. Source: docs/domain/dip.md#preview.
 */
export async function caseAdjuster(
  engine: Engine,
  settlement: Settlement,
  asked: { readonly setlId: string } | { readonly fileCase: FileCase; readonly scheme: string | undefined },
): Promise<CaseAdjuster> {
  const setlId = 'setlId' in asked ? asked.setlId : undefined;
  const [own] =
    setlId === undefined
      ? []
      : await engine.rows(
          'SELECT group_no, points4, CAST(scheme AS VARCHAR) AS scheme FROM case_score WHERE setl_id = ?',
          [setlId],
        );
  const rows =
    setlId === undefined
      ? []
      : await engine.rows('SELECT * FROM case_adjustment WHERE setl_id = ? ORDER BY step_no', [setlId]);
  const scheme = own === undefined ? ('scheme' in asked ? asked.scheme : undefined) : String(own.scheme);
  const value8 = await amountValue8(engine, scheme);
  const stay = await stayOf(engine, settlement, asked);
  return {
    typeIn: await typeFinder(engine, settlement, asked),
    adjust: (group, classNo, scored, costFen) =>
      own !== undefined && Number(own.group_no) === group.groupNo
        ? settledSteps(setlId!, rows, scored.points4, own.points4 as bigint)
        : otherSteps(settlement, { rows, value8, stay }, group, classNo, scored, costFen),
  };
}

/** The steps as the run took them; they must begin and end with the points of the case. */
function settledSteps(setlId: string, rows: readonly Row[], points4: bigint, last4: bigint): AdjustedPoints {
  const first = rows[0] ? (rows[0].points4_before as bigint) : last4;
  if (first !== points4) throw new Error(`preview of ${setlId} gives ${points4} points, the run ${first}`);
  return { points4: last4, steps: rows.map(stepOf), notWorkedOut: [] };
}

const stepOf = (row: Row): PreviewAdjustment => ({
  adjustment: String(row.adjustment),
  points4: row.points4_after as bigint,
  reference: String(row.reference ?? ''),
});

type Stay = { readonly days: number | undefined; readonly disposition: string };
type Known = {
  readonly rows: readonly Row[];
  readonly value8: bigint | undefined;
  readonly stay: Stay | undefined;
};

/** The steps of the policy in a group that is not the settled one. */
function otherSteps(
  { policy, adjustments, catalogue, tables }: Settlement,
  { rows, value8, stay }: Known,
  group: Group,
  classNo: number,
  scored: { readonly points4: bigint; readonly deviation: string },
  costFen: bigint,
): AdjustedPoints {
  const steps: PreviewAdjustment[] = [];
  const notWorkedOut: string[] = [];
  let { points4 } = scored;
  const standard = catalogue.standardOf(group, classNo);
  const take = (adjustment: string, after4: bigint, reference: string) => {
    points4 = after4;
    steps.push({ adjustment, points4, reference });
  };
  for (const name of adjustments) {
    const row = rows.find(({ adjustment }) => adjustment === name);
    if (OF_THE_CASE.includes(name)) {
      if (row === undefined) continue;
      const after = row.points4_after as bigint;
      const added = after - (row.points4_before as bigint);
      take(name, name === 'add-on' ? points4 + added : after, String(row.reference ?? ''));
    } else if (name === 'incomplete') {
      const wanted = policy.text('incomplete.dispositions').replaceAll(' ', '').split('|');
      const most = Number(policy.integer('incomplete.maximum_stay'));
      const { meanFen } = group;
      if (stay?.days === undefined || stay.days > most || !wanted.includes(stay.disposition)) continue;
      // in whole fen, as groups.csv has it
      const average = meanFen === undefined ? 0n : roundTo(meanFen, 0);
      if (average <= 0n) continue;
      take(name, incompletePoints4(standard.score4, costFen, average), `${stay.disposition} / ${stay.days}`);
    } else if (name === 'outlier-cost') {
      const paid = policy.steps('outlier_cost.deviations') as readonly string[];
      if (steps.length > 0 || !paid.includes(scored.deviation)) continue;
      if (value8 === undefined) notWorkedOut.push(name);
      else take(name, outlierPoints4(policy.choice('outlier_cost.high_amount')), scored.deviation);
    } else if (name === 'tcm') {
      // row, group, minimum stay, group it falls back to
      const groups = tables.cases.rows.get('tcm_group') ?? [];
      if (groups.some(([, code]) => code === group.groupCode)) notWorkedOut.push(name);
    } else if (name === 'high-share') {
      if (scored.deviation === 'high' && steps.length === 0) notWorkedOut.push(name);
    } else if (name === 'readmission') notWorkedOut.push(name);
  }
  return { points4, steps, notWorkedOut };

  function outlierPoints4(highAmount: string): bigint {
    const { coefficient4 } = catalogue.coefficientOf(group, classNo);
    const rule = groupedRule(standard, coefficient4, catalogue.pointsOf(group, classNo));
    return scored.deviation !== 'low' && highAmount === 'excess'
      ? rule.normalPoints4 + pointsOfAmount4(costFen - rule.highAboveFen, value8!)
      : pointsOfAmount4(costFen, value8!);
  }
}

/** Yuan of an amount for one point × 10^8; undefined where the scheme is not known and the schemes differ. */
async function amountValue8(engine: Engine, scheme: string | undefined): Promise<bigint | undefined> {
  const rows = await engine.rows(
    'SELECT CAST(scheme AS VARCHAR) AS scheme, point_value8 FROM amount_point_value ORDER BY scheme',
  );
  const own = scheme === undefined ? rows : rows.filter((row) => row.scheme === scheme);
  const values = new Set(own.map((row) => row.point_value8 as bigint));
  return values.size === 1 ? [...values][0] : undefined;
}

async function stayOf(
  engine: Engine,
  { adjustments }: Settlement,
  asked: { readonly setlId: string } | { readonly fileCase: FileCase },
): Promise<Stay | undefined> {
  if (!adjustments.includes('incomplete')) return undefined;
  if ('fileCase' in asked) {
    const { input, disposition } = asked.fileCase;
    return { days: input.length_of_stay, disposition };
  }
  const [row] = await engine.rows('SELECT length_of_stay, disposition FROM case_fact WHERE setl_id = ?', [
    asked.setlId,
  ]);
  return row && { days: Number(row.length_of_stay), disposition: String(row.disposition ?? '') };
}

/** Finds the type of the case in a group: of the triggered types it fits, the one that goes first. */
async function typeFinder(
  engine: Engine,
  { typing, catalogue }: Settlement,
  asked: { readonly setlId: string } | { readonly fileCase: FileCase },
): Promise<CaseAdjuster['typeIn']> {
  if (typing === undefined) return () => undefined;
  const facts = 'setlId' in asked ? await caseFacts(engine, asked.setlId) : fileFacts(asked.fileCase);
  const triggered = Map.groupBy(
    await engine.rows(
      `SELECT r.group_no, r.type_no, r.coefficient4, k.rank FROM type_result AS r
       JOIN type_rank AS k ON k.group_no = r.group_no AND k.type_no = r.type_no
       WHERE r.coefficient4 IS NOT NULL ORDER BY r.group_no, k.rank`,
    ),
    (row) => Number(row.group_no),
  );
  return (group, classNo) => {
    const own = triggered.get(group.groupNo);
    if (own === undefined || facts === undefined) return undefined;
    const standardFen = typingStandardFen(catalogue, group, classNo);
    const fits = fitTypes({ ...facts, standardFen }, typing.definition, typing.dictionary);
    const best = own.find((row) =>
      fits.some(({ type, fits: fit }) => fit && type.typeNo === Number(row.type_no)),
    );
    if (best === undefined) return undefined;
    const { type } = fits.find(({ type: each }) => each.typeNo === Number(best.type_no))!;
    return { code: type.code, coefficient4: best.coefficient4 as bigint };
  };
}

const fileFacts = ({ input, disposition }: FileCase): Omit<CaseFacts, 'standardFen'> | undefined =>
  input.costFen === undefined
    ? undefined
    : {
        costFen: input.costFen,
        ageYears: input.age_years,
        ageDays: input.age_days,
        lengthOfStay: input.length_of_stay,
        icuDays: undefined,
        disposition,
        diagnoses: [input.principalDiagnosis, ...input.otherDiagnoses],
        treatmentFen: undefined,
        drugFen: undefined,
      };

/** The score of a case in a group with its type and adjustments. */
export function adjustedScore(
  adjuster: CaseAdjuster,
  { group, classNo, costFen }: { readonly group: Group; readonly classNo: number; readonly costFen: bigint },
  {
    standard,
    coefficient4,
    points,
  }: {
    readonly standard: GroupStandard;
    readonly coefficient4: bigint;
    readonly points: PointsPolicy;
  },
) {
  const type = adjuster.typeIn(group, classNo);
  const scored = scoreGroupedCase(
    costFen,
    { ...standard, typeCoefficient4: type?.coefficient4 },
    coefficient4,
    points,
  );
  return { type, scored, adjusted: adjuster.adjust(group, classNo, scored, costFen) };
}
