import type { Engine, Row } from '#engine/duckdb.ts';
import type { Assignment, CaseKeys } from '#grouping/dip/assign-group.ts';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import {
  compare,
  divide,
  type Fraction,
  fraction,
  multiply,
  roundTo,
  scaledText,
  subtract,
} from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { type CitedText, citedText, loadPolicies, type ParameterSource } from '#policy/index.ts';
import { groupPercentile, groupWeights, weightRow } from './build-catalogue.ts';
import { type AdjustmentExplanation, explainAdjustments } from './explain/adjustments.ts';
import type { CatalogueExplanation } from './explain/dip-catalogue.ts';
import type { DrgExplanation } from './explain/drg.ts';
import { GROUPING_PARTS, type GroupingPart } from './explain/grouping-part.ts';
import { type CodeMappingExplanation, explainCodeMapping } from './explain-codes.ts';
import { highRatioOf } from './points/high-limit.ts';
import { pointsPolicy, scoreGroupedCase, scoreUngroupedCase } from './points/score-case.ts';
import { weightedMean, type YearCost } from './points/weighted-mean.ts';
import type { Settlement } from './settle-year.ts';

/**
 * Where each step of the chain stands that has no number of its own: the section of the reference profile, and the
 * article of the document it follows. Ids are those of policies/documents.yaml.
 */
export const STEP_SOURCES = {
  keys: [
    ['reference-profile', '§1'],
    ['dip-specification-3.0-draft', '第三章'],
  ],
  group: [
    ['reference-profile', '§2'],
    ['dip-specification-3.0-draft', '第三章'],
  ],
  score: [
    ['reference-profile', '§3'],
    ['dip-specification-3.0-draft', '§5.1'],
  ],
  coefficient: [
    ['reference-profile', '§4'],
    ['dip-specification-3.0-draft', '§5.2.1'],
  ],
  points: [['reference-profile', '§5']],
  month: [
    ['reference-profile', '§6–7'],
    ['dip-specification-3.0-draft', '§5.4、第七章'],
    ['case-payment-procedures-2025', '第二十六条'],
  ],
  year: [['reference-profile', '§6、§8']],
} as const;
export type ExplainedStep = keyof typeof STEP_SOURCES;

export const explainErrors = {
  noSuchList: {
    code: 'explain.no-such-list',
    exit: 3,
    message: {
      zh: '{year} 年没有结算ID为“{value}”的清单',
      en: 'there is no list with setl_id "{value}" in {year}',
    },
    remedy: {
      zh: '核对结算ID；出院日期在其他年份时用 --year 指定该年份；cases.csv 列出本年全部清单',
      en: 'check the setl_id; if the discharge was in another year, name it with --year; cases.csv has all lists of the year',
    },
  },
  refused: {
    code: 'explain.refused',
    exit: 4,
    message: {
      zh: '这份清单被拒收，没有入组和点数：{reason}',
      en: 'the list is refused and has no group or points: {reason}',
    },
    remedy: { zh: '更正后重新上传清单', en: 'correct the list and upload it again' },
  },
} satisfies Record<string, ErrorDefinition>;

/** The yearly means behind a weighted mean, oldest year first. Money is text in yuan. */
export type MeanExplanation = {
  readonly years: readonly { year: number; weight: string; cases: string; cost: string; mean: string }[];
  /** weighted mean in yuan, six decimals, and as the exact fraction in fen */
  readonly mean: string;
  readonly exactFen: string;
};

/** The whole chain of one list. Every number is text; those of the result files are equal to theirs. */
export type CaseExplanation = {
  readonly area: { code: string; name: string; profile: string };
  readonly year: number;
  readonly list: {
    setl_id: string;
    fixmedins_code: string;
    institution: string;
    level: number;
    insutype: string;
    month: string;
    principal_diagnosis: string;
    procedures: string;
    cost: string;
    fund: string;
    non_fund: string;
    /** items taken out of cost and fund; absent where there are none */
    excluded?: readonly { item: string; amount: string; fund: string }[] | undefined;
  };
  /** codes as written and as mapped; empty when the settlement maps none */
  readonly code_mapping: readonly CodeMappingExplanation[];
  /** of the method dip-reference */
  readonly keys?: CaseKeys;
  readonly assignment?: Omit<Assignment, 'candidates'> & {
    candidates: readonly {
      group_code: string;
      procedures: readonly string[];
      score: string;
      verdict: string;
      missing: readonly string[];
    }[];
  };
  /** of the method dip-catalogue */
  readonly steps?: CatalogueExplanation;
  /** of the method drg */
  readonly drg?: DrgExplanation;
  readonly area_mean: MeanExplanation;
  readonly group:
    | {
        group_code: string;
        kind: string;
        /** undefined for a group without history */
        mean: MeanExplanation | undefined;
        score: string;
        /** the row of weights.csv that gives the score; undefined where the history does */
        weight: { level: number | undefined; weight: string } | undefined;
      }
    | undefined;
  readonly coefficient:
    | { value: string; why: 'level' | 'primary-care' | 'no-history'; mean: MeanExplanation | undefined }
    | undefined;
  readonly ratio: string | undefined;
  readonly deviation: string;
  /** ratio above which a case of the group is a high outlier */
  readonly high_ratio: string | undefined;
  /** what changed the points of the case, in turn; undefined where nothing did */
  readonly adjustments: readonly AdjustmentExplanation[] | undefined;
  /** points before the adjustments, where there are any */
  readonly score_points: string | undefined;
  readonly points: string;
  readonly points_exact: string;
  /** yuan for a weight of 1, where weights count */
  readonly rates: { start: string; settlement: string } | undefined;
  readonly start_point_value: string;
  readonly settlement_point_value: string;
  readonly scheme: { budget: string; non_fund: string; points: string; exact_point_value: string };
  readonly month: {
    points: string;
    base: string;
    paid: string;
    case_points_share: string;
    case_base: string;
  };
  readonly clearing: {
    points: string;
    due: string;
    assessed: string;
    result: string;
    case_points_share: string;
    case_due: string;
  };
  readonly parameters: Readonly<Record<string, ParameterSource>>;
  /** the rule of each step: profile section first, then what it follows */
  readonly rules: Readonly<Record<ExplainedStep, readonly CitedText[]>>;
  /** writes how the list came to its group; not in JSON */
  readonly writeGrouping: GroupingPart['write'];
};

/** Decimals shown of a value that the settlement does not round. */
const SHOWN_DECIMALS = 6;
const shown = (value: Fraction): string => scaledText(roundTo(value, SHOWN_DECIMALS), SHOWN_DECIMALS);
/** A ratio as its decimals, at most four. */
const exactDecimal = (value: Fraction): string => scaledText(roundTo(value, 4), 4).replace(/\.?0+$/, '');
const exactText = (value: Fraction): string => `${value.numerator}/${value.denominator}`;
const points = (value: bigint): string => scaledText(value, 4);

/**
 * Explains one list of a settlement that `settleYear` has just made in this engine. The one-case rule in TypeScript
 * is run again and must agree with what the SQL said.
 * @throws YibaoError when the list is refused or not there
 */
export async function explainCase(
  engine: Engine,
  settlement: Settlement,
  setlId: string,
): Promise<CaseExplanation> {
  const { policy, areaMeanFen, area, year } = settlement;
  const found = await engine.rows(
    `SELECT c.*, i.name, i.level FROM case_result AS c JOIN institution AS i ON i.fixmedins_code = c.fixmedins_code
     WHERE c.setl_id = ?`,
    [setlId],
  );
  const row = found[0];
  if (!row) throw await missing(engine, setlId, year);

  const part = await GROUPING_PARTS[policy.choice('grouping.method')](engine, settlement, row);
  const cost = row.cost_fen as bigint;
  const nonFund = cost - (row.fund_fen as bigint);
  const toMean = (rows: readonly Row[]) => explainMean(rows.map(toYearCost), settlement);

  const { groupCode, kind } = part;
  const coefficient = groupCode
    ? await explainCoefficient(engine, settlement, groupCode, kind, Number(row.level))
    : undefined;
  // a group of the scheme that has no score leaves its cases ungrouped
  const group = groupCode
    ? (await engine.rows('SELECT * FROM group_score WHERE group_code = ? AND kind = ?', [groupCode, kind]))[0]
    : undefined;
  const standard = group && (await groupStandard(engine, settlement, part, group, Number(row.level)));
  const plainPoints = pointsPolicy(policy);
  const score =
    standard && coefficient
      ? scoreGroupedCase(cost, standard, coefficient.value4, {
          ...plainPoints,
          highRatio: highRatioOf(policy, plainPoints, { ...standard, coefficient4: coefficient.value4 }),
        })
      : scoreUngroupedCase(cost, areaMeanFen, plainPoints);
  const adjustments = await explainAdjustments(engine, settlement, setlId, score.points4);
  const points4 = adjustments.points4;
  if (points4 !== row.points4 || (group ? groupCode : null) !== row.group_code) {
    throw new Error(
      `explanation of ${setlId} gives ${groupCode} ${points4}, the run ${row.group_code} ${row.points4}`,
    );
  }

  const excluded = (
    await engine.rows('SELECT * FROM excluded_item WHERE setl_id = ? ORDER BY item', [setlId])
  ).map((each) => ({
    item: String(each.item),
    amount: yuanText(each.amount_fen as bigint),
    fund: yuanText(each.fund_fen as bigint),
  }));
  const scheme = await engine.row('SELECT * FROM point_value_result WHERE insutype = ?', [row.insutype!]);
  const month = await engine.row(
    'SELECT * FROM month_result WHERE month = ? AND insutype = ? AND fixmedins_code = ?',
    [row.month!, row.insutype!, row.fixmedins_code!],
  );
  const clearing = await engine.row(
    'SELECT * FROM clearing_result WHERE insutype = ? AND fixmedins_code = ?',
    [row.insutype!, row.fixmedins_code!],
  );
  const casePoints = fraction(points4, 10_000n);
  // yuan per point, as fen per point
  const startFen = fraction(settlement.startPointValue8, 1_000_000n);
  const schemePoints = fraction(BigInt(scheme.points4 as bigint), 10_000n);
  const settlementFen =
    schemePoints.numerator === 0n
      ? fraction(0n)
      : divide(
          fraction(BigInt(scheme.budget_fen as bigint) + BigInt(scheme.non_fund_fen as bigint)),
          schemePoints,
        );
  const caseAmount = (pointValueFen: Fraction): string =>
    yuanText(roundTo(subtract(multiply(casePoints, pointValueFen), fraction(nonFund)), 0));
  const rate = (pointValue: Fraction): string =>
    scaledText(roundTo(multiply(pointValue, policy.fraction('score.mean_score')), 2), 2);
  const share = (whole: bigint): string =>
    whole === 0n ? '-' : `${scaledText(roundTo(fraction(points4 * 100n, whole), 4), 4)}%`;

  return {
    area: { code: area.code, name: area.name, profile: area.profile },
    year,
    list: {
      setl_id: setlId,
      fixmedins_code: String(row.fixmedins_code),
      institution: String(row.name),
      level: Number(row.level),
      insutype: String(row.insutype),
      month: String(row.month),
      principal_diagnosis: String(row.diagnosis),
      procedures: String(row.procedures),
      cost: yuanText(cost),
      fund: yuanText(row.fund_fen as bigint),
      non_fund: yuanText(nonFund),
      excluded: excluded.length > 0 ? excluded : undefined,
    },
    code_mapping: await explainCodeMapping(engine, settlement.codeMapping, setlId, {
      diagnosis: String(row.diagnosis),
      diagnoses: await keptDiagnoses(engine, settlement, setlId),
      procedures: String(row.procedures),
    }),
    ...(part.json as Pick<CaseExplanation, 'keys' | 'assignment' | 'steps' | 'drg'>),
    area_mean: toMean(
      await engine.rows(
        'SELECT year, sum(cases) AS cases, sum(cost_fen) AS cost_fen FROM history_cost GROUP BY year ORDER BY year',
      ),
    ).explanation,
    group: group &&
      standard && {
        group_code: String(group.group_code),
        kind,
        mean: standard.explanation,
        score: points(standard.score4),
        weight: standard.weight,
      },
    coefficient: coefficient
      ? { value: points(coefficient.value4), why: coefficient.why, mean: coefficient.mean }
      : undefined,
    ratio: score.kind === 'grouped' && score.ratio ? shown(score.ratio) : undefined,
    deviation: score.kind === 'grouped' ? score.deviation : 'ungrouped',
    high_ratio:
      standard && coefficient
        ? exactDecimal(highRatioOf(policy, plainPoints, { ...standard, coefficient4: coefficient.value4 }))
        : undefined,
    adjustments: adjustments.steps.length > 0 ? adjustments.steps : undefined,
    score_points: adjustments.steps.length > 0 ? points(score.points4) : undefined,
    points: points(points4),
    points_exact: exactText(score.exact),
    rates:
      policy.choice('score.unit') === 'weight'
        ? {
            start: rate(fraction(settlement.startPointValue8, 100_000_000n)),
            settlement: rate(divide(settlementFen, fraction(100n))),
          }
        : undefined,
    start_point_value: scaledText(settlement.startPointValue8, 8),
    settlement_point_value:
      scheme.settlement_point_value8 === null
        ? ''
        : scaledText(BigInt(scheme.settlement_point_value8 as bigint), 8),
    scheme: {
      budget: yuanText(BigInt(scheme.budget_fen as bigint)),
      non_fund: yuanText(BigInt(scheme.non_fund_fen as bigint)),
      points: points(BigInt(scheme.points4 as bigint)),
      exact_point_value: exactText(divide(settlementFen, fraction(100n))),
    },
    month: {
      points: points(month.points4 as bigint),
      base: yuanText(month.base_fen as bigint),
      paid: yuanText(month.paid_fen as bigint),
      case_points_share: share(month.points4 as bigint),
      case_base: caseAmount(startFen),
    },
    clearing: {
      points: points(clearing.points4 as bigint),
      due: yuanText(clearing.due_fen as bigint),
      assessed: yuanText(clearing.assessed_fen as bigint),
      result: yuanText(clearing.result_fen as bigint),
      case_points_share: share(clearing.points4 as bigint),
      case_due: caseAmount(settlementFen),
    },
    rules: citeSteps(part.sources),
    writeGrouping: part.write,
    parameters: Object.fromEntries(policy.sources.map((source) => [source.parameter, source])),
  };
}

/** All diagnoses of the list as they were mapped, where the settlement has kept it. */
async function keptDiagnoses(engine: Engine, settlement: Settlement, setlId: string): Promise<string | null> {
  if (settlement.keptList !== setlId) return null;
  const rows = await engine.rows('SELECT diagnoses FROM kept_list WHERE setl_id = ?', [setlId]);
  const diagnoses = rows[0]?.diagnoses;
  return diagnoses === null || diagnoses === undefined ? null : String(diagnoses);
}

function citeSteps(own: GroupingPart['sources']): CaseExplanation['rules'] {
  const { documents } = loadPolicies();
  const cite = ([id, article]: readonly [string, string]) =>
    citedText({ document: documents.get(id)!, article });
  const steps = Object.entries({ ...STEP_SOURCES, ...own });
  return Object.fromEntries(
    steps.map(([step, sources]) => [step, sources.map(cite)]),
  ) as unknown as CaseExplanation['rules'];
}

async function missing(engine: Engine, setlId: string, year: number): Promise<YibaoError> {
  const refused = await engine.rows('SELECT file, row_no, reason FROM refused_result WHERE setl_id = ?', [
    setlId,
  ]);
  return refused.length > 0
    ? new YibaoError(
        refused.map((row) => ({
          definition: explainErrors.refused,
          file: String(row.file),
          row: Number(row.row_no),
          field: 'setl_id',
          value: setlId,
          parameters: { reason: String(row.reason) },
        })),
      )
    : new YibaoError({
        definition: explainErrors.noSuchList,
        field: 'setl_id',
        value: setlId,
        parameters: { year },
      });
}

const toYearCost = (row: Row): YearCost => ({
  year: Number(row.year),
  cases: BigInt(row.cases as bigint),
  costFen: BigInt(row.cost_fen as bigint),
});

/** Mean and score of the group of a case at its level, as the catalogue has them, and where they come from. */
async function groupStandard(
  engine: Engine,
  settlement: Settlement,
  part: GroupingPart,
  group: Row,
  level: number,
) {
  const { policy, tables, areaMeanFen } = settlement;
  const years = part.groupYears.map(toYearCost).filter(({ cases }) => cases > 0n);
  const mean = years.length > 0 ? explainMean(years, settlement) : undefined;
  const weightOf = groupWeights(policy, tables);
  const groupScore4 = group.score4 as bigint;
  const row = weightOf && weightRow(tables.cases.weights, String(group.group_code), level);
  const meanScore = policy.fraction('score.mean_score');
  return {
    meanFen:
      part.meanFen ??
      mean?.fraction ??
      divide(multiply(fraction(groupScore4, 10_000n), areaMeanFen), meanScore),
    score4: weightOf?.(String(group.group_code), level) ?? groupScore4,
    explanation:
      part.meanFen && !(mean && compare(mean.fraction, part.meanFen) === 0)
        ? { years: [], mean: shown(divide(part.meanFen, fraction(100n))), exactFen: exactText(part.meanFen) }
        : mean?.explanation,
    weight: row && { level: row.level, weight: points(row.weight4) },
    percentileFen: await groupPercentile(engine, policy, Number(group.group_no)),
  };
}

function explainMean(
  years: readonly YearCost[],
  settlement: Settlement,
): { fraction: Fraction; explanation: MeanExplanation } {
  const mean = weightedMean(years, settlement.weights);
  if (!mean) throw new Error('a mean without lists');
  return {
    fraction: mean,
    explanation: {
      years: [...settlement.weights].map(([year, weight]) => {
        const found = years.find((entry) => entry.year === year);
        return {
          year,
          weight: weight.toString(),
          cases: (found?.cases ?? 0n).toString(),
          cost: yuanText(found?.costFen ?? 0n),
          mean: found ? shown(fraction(found.costFen, found.cases * 100n)) : '-',
        };
      }),
      mean: shown(divide(mean, fraction(100n))),
      exactFen: exactText(mean),
    },
  };
}

async function explainCoefficient(
  engine: Engine,
  settlement: Settlement,
  groupCode: string,
  kind: string,
  level: number,
): Promise<{
  value4: bigint;
  why: 'level' | 'primary-care' | 'no-history';
  mean: MeanExplanation | undefined;
}> {
  if (kind === 'primary-care' || settlement.tables.primaryCareGroups.has(groupCode)) {
    return {
      value4: roundTo(settlement.policy.fraction('coefficient.primary_care'), 4),
      why: 'primary-care',
      mean: undefined,
    };
  }
  const { coefficient4 } = await engine.row('SELECT coefficient4 FROM coefficient_result WHERE level = ?', [
    level,
  ]);
  const rows = await engine.rows(
    'SELECT year, sum(cases) AS cases, sum(cost_fen) AS cost_fen FROM history_cost WHERE class_no = ? GROUP BY year ORDER BY year',
    [level],
  );
  return rows.length === 0
    ? { value4: coefficient4 as bigint, why: 'no-history', mean: undefined }
    : {
        value4: coefficient4 as bigint,
        why: 'level',
        mean: explainMean(rows.map(toYearCost), settlement).explanation,
      };
}
