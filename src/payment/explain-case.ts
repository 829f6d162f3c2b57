import type { ProcedureAttribute } from '#catalogue/area-tables.ts';
import type { Engine, Row } from '#engine/duckdb.ts';
import {
  type Assignment,
  assignGroup,
  type CaseKeys,
  type CoreGroup,
  caseKeys,
  type KeyPolicy,
} from '#grouping/dip/assign-group.ts';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import {
  divide,
  type Fraction,
  fraction,
  multiply,
  roundTo,
  scaledText,
  subtract,
} from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { type CitedText, citedText, loadPolicies, type ParameterSource, type Policy } from '#policy/index.ts';
import { type CodeMappingExplanation, explainCodeMapping } from './explain-codes.ts';
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
  };
  /** codes as written and as mapped; empty when the settlement maps none */
  readonly code_mapping: readonly CodeMappingExplanation[];
  readonly keys: CaseKeys;
  readonly assignment: Omit<Assignment, 'candidates'> & {
    candidates: readonly {
      group_code: string;
      procedures: readonly string[];
      score: string;
      verdict: string;
      missing: readonly string[];
    }[];
  };
  readonly area_mean: MeanExplanation;
  readonly group: { group_code: string; kind: string; mean: MeanExplanation; score: string } | undefined;
  readonly coefficient:
    | { value: string; why: 'level' | 'primary-care' | 'no-history'; mean: MeanExplanation | undefined }
    | undefined;
  readonly ratio: string | undefined;
  readonly deviation: string;
  readonly points: string;
  readonly points_exact: string;
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
};

/** Decimals shown of a value that the settlement does not round. */
const SHOWN_DECIMALS = 6;
const shown = (value: Fraction): string => scaledText(roundTo(value, SHOWN_DECIMALS), SHOWN_DECIMALS);
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
  const { policy, areaMeanFen, tables, area, year } = settlement;
  const found = await engine.rows(
    `SELECT c.*, i.name, i.level FROM case_result AS c JOIN institution AS i ON i.fixmedins_code = c.fixmedins_code
     WHERE c.setl_id = ?`,
    [setlId],
  );
  const row = found[0];
  if (!row) throw await missing(engine, setlId, year);

  const attributes = tables.procedures as ReadonlyMap<string, ProcedureAttribute>;
  const keys = caseKeys(String(row.diagnosis), String(row.procedures), attributes, keyPolicy(policy));
  const assignment = assignGroup(
    keys,
    await coreGroupsOf(engine, keys.coreDiagnosis),
    await comprehensiveGroups(engine, keys),
  );
  const cost = row.cost_fen as bigint;
  const nonFund = cost - (row.fund_fen as bigint);
  const toMean = (rows: readonly Row[]) => explainMean(rows.map(toYearCost), settlement);

  const groupMean = assignment.groupCode
    ? toMean(
        await engine.rows(`SELECT * FROM ${assignment.kind}_group_year WHERE group_code = ? ORDER BY year`, [
          assignment.groupCode,
        ]),
      )
    : undefined;
  const coefficient = assignment.groupCode
    ? await explainCoefficient(engine, settlement, assignment.groupCode, Number(row.level))
    : undefined;
  const group = assignment.groupCode
    ? await engine.row('SELECT * FROM group_score WHERE group_code = ? AND kind = ?', [
        assignment.groupCode,
        assignment.kind,
      ])
    : undefined;
  const score =
    groupMean && group && coefficient
      ? scoreGroupedCase(
          cost,
          { meanFen: groupMean.fraction, score4: group.score4 as bigint },
          coefficient.value4,
          pointsPolicy(policy),
        )
      : scoreUngroupedCase(cost, areaMeanFen, pointsPolicy(policy));
  if (score.points4 !== row.points4 || (assignment.groupCode ?? null) !== row.group_code) {
    throw new Error(
      `explanation of ${setlId} gives ${assignment.groupCode} ${score.points4}, the run ${row.group_code} ${row.points4}`,
    );
  }

  const scheme = await engine.row('SELECT * FROM point_value_result WHERE insutype = ?', [row.insutype!]);
  const month = await engine.row(
    'SELECT * FROM month_result WHERE month = ? AND insutype = ? AND fixmedins_code = ?',
    [row.month!, row.insutype!, row.fixmedins_code!],
  );
  const clearing = await engine.row(
    'SELECT * FROM clearing_result WHERE insutype = ? AND fixmedins_code = ?',
    [row.insutype!, row.fixmedins_code!],
  );
  const casePoints = fraction(score.points4, 10_000n);
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
  const share = (whole: bigint): string =>
    whole === 0n ? '-' : `${scaledText(roundTo(fraction(score.points4 * 100n, whole), 4), 4)}%`;

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
    },
    code_mapping: await explainCodeMapping(engine, settlement.codeMapping, setlId, {
      diagnosis: String(row.diagnosis),
      diagnoses: row.diagnoses === undefined ? null : String(row.diagnoses),
      procedures: String(row.procedures),
    }),
    keys,
    assignment: {
      ...assignment,
      candidates: assignment.candidates.map((candidate) => ({
        group_code: candidate.groupCode,
        procedures: candidate.procedures,
        score: points(candidate.score4),
        verdict: candidate.verdict,
        missing: candidate.missing,
      })),
    },
    area_mean: toMean(
      await engine.rows(
        'SELECT year, sum(cases) AS cases, sum(cost_fen) AS cost_fen FROM history_cost GROUP BY year ORDER BY year',
      ),
    ).explanation,
    group:
      group && groupMean
        ? {
            group_code: assignment.groupCode!,
            kind: assignment.kind,
            mean: groupMean.explanation,
            score: points(group.score4 as bigint),
          }
        : undefined,
    coefficient: coefficient
      ? { value: points(coefficient.value4), why: coefficient.why, mean: coefficient.mean }
      : undefined,
    ratio: score.kind === 'grouped' && score.ratio ? shown(score.ratio) : undefined,
    deviation: score.kind === 'grouped' ? score.deviation : 'ungrouped',
    points: points(score.points4),
    points_exact: exactText(score.exact),
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
    rules: citeSteps(),
    parameters: Object.fromEntries(policy.sources.map((source) => [source.parameter, source])),
  };
}

function citeSteps(): CaseExplanation['rules'] {
  const { documents } = loadPolicies();
  const cite = ([id, article]: readonly [string, string]) =>
    citedText({ document: documents.get(id)!, article });
  return {
    keys: STEP_SOURCES.keys.map(cite),
    group: STEP_SOURCES.group.map(cite),
    score: STEP_SOURCES.score.map(cite),
    coefficient: STEP_SOURCES.coefficient.map(cite),
    points: STEP_SOURCES.points.map(cite),
    month: STEP_SOURCES.month.map(cite),
    year: STEP_SOURCES.year.map(cite),
  };
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

export function keyPolicy(policy: Policy): KeyPolicy {
  const classOf = (name: keyof KeyPolicy['comprehensiveClass']) =>
    policy.integer(`comprehensive.class.${name}`).toString();
  return {
    coreDiagnosisLength: Number(policy.integer('grouping.core_diagnosis_length')),
    comprehensiveDiagnosisLength: Number(policy.integer('grouping.comprehensive_diagnosis_length')),
    comprehensiveClass: {
      surgery: classOf('surgery'),
      intervention: classOf('intervention'),
      therapeutic: classOf('therapeutic'),
      diagnostic: classOf('diagnostic'),
      none: classOf('none'),
    },
  };
}

async function coreGroupsOf(engine: Engine, coreDiagnosis: string): Promise<CoreGroup[]> {
  const rows = await engine.rows(
    `SELECT c.group_code, c.eligible_procedures, s.score4
     FROM core_group AS c JOIN group_score AS s ON s.group_code = c.group_code AND s.kind = 'core'
     WHERE c.core_diagnosis = ? ORDER BY c.group_code`,
    [coreDiagnosis],
  );
  return rows.map((row) => ({
    groupCode: String(row.group_code),
    procedures: row.eligible_procedures === null ? [] : String(row.eligible_procedures).split('+'),
    score4: row.score4 as bigint,
  }));
}

async function comprehensiveGroups(engine: Engine, keys: CaseKeys): Promise<Set<string>> {
  const rows = await engine.rows(
    `SELECT group_code FROM group_score WHERE kind = 'comprehensive' AND group_code = ?`,
    [keys.comprehensiveKey],
  );
  return new Set(rows.map((row) => String(row.group_code)));
}

const toYearCost = (row: Row): YearCost => ({
  year: Number(row.year),
  cases: BigInt(row.cases as bigint),
  costFen: BigInt(row.cost_fen as bigint),
});

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
  level: number,
): Promise<{
  value4: bigint;
  why: 'level' | 'primary-care' | 'no-history';
  mean: MeanExplanation | undefined;
}> {
  if (settlement.tables.primaryCareGroups.has(groupCode)) {
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
