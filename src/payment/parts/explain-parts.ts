import type { Engine } from '#engine/duckdb.ts';
import { type Fraction, roundTo, scaledText } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import type { ParameterSource, Policy } from '#policy/index.ts';
import type { Settlement } from '../settle-year.ts';
import { type BedDayTier, bedDayAccount, chooseBedDayClass } from './bed-day.ts';
import { onFundBasis, yuanPerPoint } from './reference-value.ts';
import type { CommunityResult, SchemeParts } from './settle-parts.ts';

/** How the budget of one scheme was split. Every number is text; those of the result files are equal to theirs. */
export type SchemePartsExplanation = {
  readonly insutype: string;
  readonly budget: string;
  readonly reference: string;
  readonly reference_value: string;
  readonly fund_ratio: string | undefined;
  readonly fund_reference_value: string | undefined;
  readonly fixed: string;
  readonly withheld: string;
  readonly pool: string;
  readonly inpatient_points: string;
  readonly part_points: string;
  /** fund yuan a point was worth when the pool was shared; undefined when no points share it */
  readonly fund_point_value: string | undefined;
  readonly lines: readonly {
    part: string;
    fixmedins_code: string;
    institution: string;
    item: string;
    basis: string;
    quantity: string;
    amount: string;
    fund_amount: string;
    points: string;
    lock: string;
    due: string;
    stopped_by_cap: boolean;
  }[];
  readonly communities: readonly CommunityExplanation[];
  readonly parts_due: string;
  /** what was paid of it in months, and what is left to the end of the year; undefined where parts are paid once a year */
  readonly monthly_paid: string | undefined;
  readonly parts_cash: string | undefined;
  readonly inpatient_budget: string;
  /** what the institutions have after the clearing of the inpatient lists, and the residual account */
  readonly inpatient_result: string;
  readonly residual: string;
};

export type CommunityExplanation = Readonly<Record<CommunityField, string>> & {
  readonly community: string;
  readonly lead: string;
  readonly members: readonly string[];
  /** `parts.community_budget` */
  readonly way: string;
};
type CommunityField =
  | 'people'
  | 'per_capita'
  | 'last_year_fund'
  | 'grown'
  | 'reserve'
  | 'major_illness'
  | 'out_of_area'
  | 'total'
  | 'in_county'
  | 'out_of_county'
  | 'net'
  | 'score'
  | 'kept'
  | 'unkept'
  | 'reasonable_deficit'
  | 'shared'
  | 'due';

/** The split of every scheme and the parameters it rests on. */
export type PartsExplanation = {
  readonly area: { code: string; name: string };
  readonly year: number;
  readonly schemes: readonly SchemePartsExplanation[];
  readonly parameters: Readonly<Record<string, ParameterSource>>;
};

/** What pays a list that is not one of the inpatient points. */
export type PartCaseExplanation = {
  readonly setl_id: string;
  readonly insutype: string;
  readonly fixmedins_code: string;
  readonly institution: string;
  readonly cost: string;
  readonly non_fund: string;
  readonly bed_day:
    | {
        class: string;
        days: string;
        lines: readonly { days: string; yuan_per_day: string; amount: string }[];
        standard: string;
        amount: string;
      }
    | undefined;
  readonly community: string | undefined;
};

const value8 = (value: Fraction) => scaledText(roundTo(value, 8), 8);
const points = (value: bigint) => scaledText(value, 4);

const parametersOf = (policy: Policy): Readonly<Record<string, ParameterSource>> =>
  Object.fromEntries(
    policy.sources
      .filter((source) => source.parameter.startsWith('parts.'))
      .map((source) => [source.parameter, source]),
  );

/** Explains the parts of a settlement that `settleYear` has just made in this engine. */
export async function explainParts(engine: Engine, settlement: Settlement): Promise<PartsExplanation> {
  const { area, year, policy, parts } = settlement;
  const schemes: SchemePartsExplanation[] = [];
  for (const scheme of parts?.schemes ?? []) schemes.push(await explainScheme(engine, settlement, scheme));
  return { area: { code: area.code, name: area.name }, year, schemes, parameters: parametersOf(policy) };
}

async function explainScheme(
  engine: Engine,
  { policy, tables, parts }: Settlement,
  scheme: SchemeParts,
): Promise<SchemePartsExplanation> {
  const { shares, lines, reference, fundRatio } = scheme;
  const names = new Map(tables.institutions.map((each) => [each.fixmedinsCode, each.name]));
  const { result_fen, residual_fen } = await engine.row(
    `SELECT CAST(coalesce(sum(c.result_fen), 0) AS HUGEINT) AS result_fen, min(r.residual_fen) AS residual_fen
     FROM residual_result AS r LEFT JOIN clearing_result AS c ON c.insutype = r.insutype WHERE r.insutype = ?`,
    [scheme.scheme],
  );
  const { paid_fen } = await engine.row(
    'SELECT CAST(coalesce(sum(paid_fen), 0) AS HUGEINT) AS paid_fen FROM part_month WHERE scheme = ?',
    [Number(scheme.scheme)],
  );
  const paid = parts?.isMonthly ? BigInt(paid_fen as bigint) : undefined;
  const partsDue = shares.due.reduce((sum, each) => sum + each, 0n);
  const [result, residual] = [BigInt(result_fen as bigint), BigInt(residual_fen as bigint)];
  if (partsDue + result + residual !== scheme.budgetFen) {
    throw new Error(
      `parts ${partsDue}, result ${result} and residual ${residual} are not ${scheme.budgetFen}`,
    );
  }
  const isSharing = (index: number) => lines[index]!.lock === 'float' || lines[index]!.lock === 'capped';
  return {
    insutype: scheme.scheme,
    budget: yuanText(scheme.budgetFen),
    reference: policy.choice('parts.reference'),
    reference_value: value8(yuanPerPoint(reference)),
    fund_ratio: fundRatio && value8(fundRatio),
    fund_reference_value: fundRatio && value8(yuanPerPoint(onFundBasis(reference, fundRatio))),
    fixed: yuanText(shares.fixedFen),
    withheld: yuanText(scheme.withheldFen),
    pool: yuanText(shares.poolFen),
    inpatient_points: points(scheme.inpatientPoints4),
    part_points: points(lines.reduce((sum, line, index) => sum + (isSharing(index) ? line.points4 : 0n), 0n)),
    fund_point_value: shares.perPoint && value8(yuanPerPoint({ basis: 'fund', perPoint: shares.perPoint })),
    lines: lines.map((line, index) => ({
      part: line.part,
      fixmedins_code: line.fixmedinsCode,
      institution: names.get(line.fixmedinsCode) ?? '',
      item: line.item,
      basis: line.amount.basis,
      quantity: line.quantity === undefined ? '' : String(line.quantity),
      amount: yuanText(line.amount.fen),
      fund_amount: yuanText(line.fundFen),
      points: points(line.points4),
      lock: line.lock,
      due: yuanText(shares.due[index]!),
      stopped_by_cap: shares.stopped.has(index),
    })),
    communities: scheme.communities.map((each) =>
      explainCommunity(each, policy.choice('parts.community_budget')),
    ),
    parts_due: yuanText(partsDue),
    monthly_paid: paid === undefined ? undefined : yuanText(paid),
    parts_cash: paid === undefined ? undefined : yuanText(partsDue - paid),
    inpatient_budget: yuanText(shares.inpatientFen),
    inpatient_result: yuanText(result),
    residual: yuanText(residual),
  };
}

const explainCommunity = (
  { community, lead, members, figures, account }: CommunityResult,
  way: string,
): CommunityExplanation => ({
  way,
  community,
  lead,
  members,
  people: String(figures.people),
  per_capita: yuanText(figures.perCapitaFen),
  last_year_fund: yuanText(figures.lastYearFundFen),
  grown: yuanText(account.grownFen),
  reserve: yuanText(account.reserveFen),
  major_illness: yuanText(figures.majorIllnessFen),
  out_of_area: yuanText(figures.outOfAreaFen),
  total: yuanText(account.totalFen),
  in_county: yuanText(figures.inCountyFen),
  out_of_county: yuanText(figures.outOfCountyFen),
  net: yuanText(account.netFen),
  score: scaledText(roundTo(figures.score, 4), 4),
  kept: yuanText(account.keptFen),
  unkept: yuanText(account.unkeptFen),
  reasonable_deficit: yuanText(figures.reasonableDeficitFen),
  shared: yuanText(account.sharedFen),
  due: yuanText(account.dueFen),
});

/**
 * What pays a list that was taken out of the inpatient points; undefined for every other list. The bed-day rule is run
 * again in TypeScript and must agree with what the SQL said.
 */
export async function explainPartCase(
  engine: Engine,
  settlement: Settlement,
  setlId: string,
): Promise<PartCaseExplanation | undefined> {
  const { policy, parts } = settlement;
  if (parts === undefined) return undefined;
  const [row] = await engine.rows(
    `SELECT c.setl_id, CAST(c.scheme AS VARCHAR) AS insutype, i.fixmedins_code, i.name, i.level, g.diagnosis, c.cost_fen
       , c.cost_fen - c.fund_fen AS non_fund_fen, m.community, b.class, b.category, b.days, b.standard_fen, b.amount_fen
     FROM case_score AS c
     JOIN signature AS g ON g.signature_no = c.signature_no
     JOIN institution AS i ON i.institution_no = c.institution_no
     LEFT JOIN community_member AS m ON m.scheme = c.scheme AND m.institution_no = c.institution_no
     LEFT JOIN bed_day_list AS b ON b.setl_id = c.setl_id
     WHERE c.setl_id = ? AND (m.community IS NOT NULL OR b.setl_id IS NOT NULL)`,
    [setlId],
  );
  if (!row) return undefined;
  const common = {
    setl_id: setlId,
    insutype: String(row.insutype),
    fixmedins_code: String(row.fixmedins_code),
    institution: String(row.name),
    cost: yuanText(row.cost_fen as bigint),
    non_fund: yuanText(row.non_fund_fen as bigint),
  };
  if (row.community !== null) return { ...common, bed_day: undefined, community: String(row.community) };

  const classes = await engine.rows(
    `SELECT b.kind_no, b.class, b.category, b.diagnosis_start, b.minimum_stay, i.fixmedins_code
     FROM bed_day_class AS b LEFT JOIN institution AS i ON i.institution_no = b.institution_no
     WHERE EXISTS (SELECT 1 FROM bed_day_rate AS r WHERE r.kind_no = b.kind_no AND r.level = ?)
     ORDER BY b.diagnosis_start, i.fixmedins_code, b.minimum_stay`,
    [Number(row.level)],
  );
  const days = Number(row.days);
  const chosen = chooseBedDayClass(
    { diagnosis: String(row.diagnosis), fixmedinsCode: common.fixmedins_code, days },
    classes.map((each) => ({
      kind: Number(each.kind_no),
      name: nameOf(each.class, each.category),
      diagnosisStart: String(each.diagnosis_start ?? ''),
      fixmedinsCode: each.fixmedins_code === null ? null : String(each.fixmedins_code),
      minimumStay: Number(each.minimum_stay),
    })),
  );
  const tiers = await engine.rows(
    'SELECT first_day, fen_per_day FROM bed_day_rate WHERE kind_no = ? AND level = ? ORDER BY first_day',
    [chosen?.kind ?? -1, Number(row.level)],
  );
  const account = bedDayAccount(
    { days, costFen: row.cost_fen as bigint },
    tiers.map(
      (tier): BedDayTier => ({
        firstDay: Number(tier.first_day),
        fenPerDay: tier.fen_per_day as bigint,
      }),
    ),
    { pay: policy.choice('parts.bed_day_pay'), tiers: policy.choice('parts.bed_day_tiers') },
  );
  const name = nameOf(row.class, row.category);
  if (
    chosen?.name !== name ||
    account.standardFen !== row.standard_fen ||
    account.amountFen !== row.amount_fen
  ) {
    throw new Error(
      `bed-days of ${setlId}: rules ${chosen?.name} ${account.amountFen}, run ${name} ${row.amount_fen}`,
    );
  }
  return {
    ...common,
    bed_day: {
      class: name,
      days: String(days),
      lines: account.lines.map((line) => ({
        days: String(line.days),
        yuan_per_day: yuanText(line.fenPerDay),
        amount: yuanText(line.fen),
      })),
      standard: yuanText(account.standardFen),
      amount: yuanText(account.amountFen),
    },
    community: undefined,
  };
}

const nameOf = (...parts: readonly unknown[]): string =>
  parts.filter((text) => text !== null && text !== '').join('/');
