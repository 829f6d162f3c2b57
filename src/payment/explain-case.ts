import type { Engine, Row } from '#engine/duckdb.ts';
import type { Assignment, CaseKeys } from '#grouping/dip/assign-group.ts';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import {
  compare,
  divide,
  type Fraction,
  fraction,
  multiply,
  parseDecimal,
  roundTo,
  scaledText,
} from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { type CitedText, citedText, type ParameterSource } from '#policy/index.ts';
import { weightRow } from './build-catalogue.ts';
import { type AccountExplanation, explainAccount } from './explain/account.ts';
import { type AdjustmentExplanation, explainAdjustments } from './explain/adjustments.ts';
import type { CatalogueExplanation } from './explain/dip-catalogue.ts';
import type { DrgExplanation } from './explain/drg.ts';
import { GROUPING_PARTS, type GroupingPart } from './explain/grouping-part.ts';
import { type CodeMappingExplanation, explainCodeMapping } from './explain-codes.ts';
import {
  type CoefficientExplanation,
  type DeviationExplanation,
  exactText,
  explainCoefficient,
  explainDeviation,
  explainMean,
  explainScore,
  explainTyping,
  givenMean,
  type MeanExplanation,
  plainText,
  pointsText,
  type ScoreExplanation,
  shown,
  type TypingExplanation,
  typeCoefficient4,
} from './explain-points.ts';
import { scoreGroupedCase, scoreUngroupedCase } from './points/score-case.ts';
import type { YearCost } from './points/weighted-mean.ts';
import { ALL_LISTS, type Settlement } from './settle-year.ts';

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
  typing: [['dip-specification-3.0-draft', '§5.2.2']],
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
      zh: '核对结算ID；出院日期在其他年份时，改选该年份（命令行用 --year）；cases.csv 列出本年全部清单',
      en: 'check the setl_id; if the discharge was in another year, choose that year (on the command line with --year); cases.csv has all lists of the year',
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

/** The whole chain of one list. Every number is text; those of the result files are equal to theirs. */
export type CaseExplanation = AccountExplanation & {
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
  readonly coefficient: CoefficientExplanation | undefined;
  /** how the score is measured, and what experts changed */
  readonly score: ScoreExplanation | undefined;
  /** what the cost is compared with, before the coefficient */
  readonly standard: DeviationExplanation | undefined;
  /** auxiliary types; undefined when the policy has none */
  readonly typing: TypingExplanation | undefined;
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
  /** what turns the cost of an ungrouped case into points: a cost in yuan and its score */
  readonly ungrouped_standard: { cost: string; score: string };
  /** of a group that is scored by cost alone */
  readonly points_per_yuan: string | undefined;
  /** yuan for a weight of 1, where weights count */
  readonly rates: { start: string; settlement: string } | undefined;
  readonly parameters: Readonly<Record<string, ParameterSource>>;
  /** the rule of each step: profile section first, then what it follows */
  readonly rules: Readonly<Record<ExplainedStep, readonly CitedText[]>>;
  /** the citation of a document's id and article; not in JSON */
  readonly citationOf: (source: readonly [string, string]) => CitedText;
  /** writes how the list came to its group; not in JSON */
  readonly writeGrouping: GroupingPart['write'];
};

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
  const { policy, catalogue, tables, area, year } = settlement;
  const found = await engine.rows(
    `SELECT c.*, i.name, i.level, i.class_no FROM case_result AS c JOIN institution AS i ON i.fixmedins_code = c.fixmedins_code
     WHERE c.setl_id = ?`,
    [setlId],
  );
  const row = found[0];
  if (!row) throw await missing(engine, setlId, year);

  const part = await GROUPING_PARTS[policy.choice('grouping.method')](engine, settlement, row);
  const cost = row.cost_fen as bigint;
  const nonFund = cost - (row.fund_fen as bigint);
  const toMean = (rows: readonly Row[]) =>
    explainMean(
      rows.map(toYearCost).filter(({ cases }) => cases > 0n),
      settlement,
    );

  const { groupCode, kind } = part;
  // a group of the scheme that has no score leaves its cases ungrouped
  const group = groupCode
    ? (await engine.rows('SELECT * FROM group_score WHERE group_code = ? AND kind = ?', [groupCode, kind]))[0]
    : undefined;
  const scored = group && catalogue.groups.find(({ groupNo }) => groupNo === group.group_no);
  const place = scored && {
    group: scored,
    classNo: Number(row.class_no),
    level: Number(row.level),
    fixmedinsCode: String(row.fixmedins_code),
  };
  const coefficient = place && (await explainCoefficient(engine, settlement, place));
  const typing = place && (await explainTyping(engine, settlement, place, setlId, cost));
  const standard = place && {
    ...catalogue.standardOf(place.group, place.classNo),
    typeCoefficient4: await typeCoefficient4(engine, setlId),
  };
  const score =
    standard && place
      ? scoreGroupedCase(
          cost,
          standard,
          catalogue.coefficientOf(place.group, place.classNo).coefficient4,
          catalogue.pointsOf(place.group, place.classNo),
        )
      : scoreUngroupedCase(cost, catalogue.ungroupedStandard, catalogue.points);
  const years = part.groupYears.map(toYearCost).filter(({ cases }) => cases > 0n);
  const historyMean = years.length > 0 ? explainMean(years, settlement) : undefined;
  const isOfHistory = !part.meanFen || (historyMean && compare(historyMean.fraction, part.meanFen) === 0);
  const groupMean = isOfHistory ? historyMean?.explanation : givenMean(part.meanFen!);
  const weight =
    group && policy.choice('score.source') === 'table'
      ? weightRow(tables.cases.weights, String(group.group_code), Number(row.level))
      : undefined;
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
  const account = await explainAccount(engine, settlement, {
    setlId,
    scheme: String(row.insutype),
    month: String(row.month),
    fixmedinsCode: String(row.fixmedins_code),
    points4,
    costFen: cost,
    fundFen: row.fund_fen as bigint,
  });
  const rate = (pointValue: Fraction): string =>
    scaledText(roundTo(multiply(pointValue, policy.fraction('score.mean_score')), 2), 2);

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
      place && {
        group_code: String(group.group_code),
        kind,
        mean: groupMean,
        score: pointsText(standard!.score4),
        weight: weight && { level: weight.level, weight: pointsText(weight.weight4) },
      },
    coefficient,
    score: place && (await explainScore(engine, settlement, place.group)),
    standard: place && explainDeviation(settlement, place),
    typing,
    ratio: score.kind === 'grouped' && score.ratio ? shown(score.ratio) : undefined,
    deviation: score.kind === 'grouped' ? score.deviation : 'ungrouped',
    high_ratio: place && plainText(catalogue.pointsOf(place.group, place.classNo).highRatio),
    adjustments: adjustments.steps.length > 0 ? adjustments.steps : undefined,
    score_points: adjustments.steps.length > 0 ? pointsText(score.points4) : undefined,
    points: pointsText(points4),
    points_exact: exactText(score.exact),
    ungrouped_standard: {
      cost: shown(divide(catalogue.ungroupedStandard.meanFen, fraction(100n))),
      score: plainText(catalogue.ungroupedStandard.score),
    },
    points_per_yuan: standard?.pointsPerFen && shown(multiply(standard.pointsPerFen, fraction(100n))),
    rates:
      policy.choice('score.unit') === 'weight'
        ? {
            start: rate(parseDecimal(account.explanation.start_point_value)!),
            settlement: rate(account.pointValue),
          }
        : undefined,
    ...account.explanation,
    rules: citeSteps(part.sources, citer(settlement)),
    citationOf: citer(settlement),
    writeGrouping: part.write,
    parameters: Object.fromEntries(policy.sources.map((source) => [source.parameter, source])),
  };
}

/** All diagnoses of the list as they were mapped, where the settlement has kept it. */
async function keptDiagnoses(engine: Engine, settlement: Settlement, setlId: string): Promise<string | null> {
  if (settlement.keptList !== setlId && settlement.keptList !== ALL_LISTS) return null;
  const rows = await engine.rows('SELECT diagnoses FROM kept_list WHERE setl_id = ?', [setlId]);
  const diagnoses = rows[0]?.diagnoses;
  return diagnoses === null || diagnoses === undefined ? null : String(diagnoses);
}

const citer =
  ({ documents }: Settlement): CaseExplanation['citationOf'] =>
  ([id, article]) =>
    citedText({ document: documents.get(id)!, article });

function citeSteps(
  own: GroupingPart['sources'],
  cite: CaseExplanation['citationOf'],
): CaseExplanation['rules'] {
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
