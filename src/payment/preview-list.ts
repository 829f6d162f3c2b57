import type { Engine, Row } from '#engine/duckdb.ts';
import {
  areaCatalogue,
  caseOfSignature,
  type DipCase,
  type GroupCatalogue,
  type GroupingProfile,
  groupingProfile,
  REFERENCE_STEPS,
  referenceCatalogue,
} from '#grouping/dip/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { roundTo } from '#kernel/fraction.ts';
import { keyPolicy } from './explain/dip-reference.ts';
import { explainErrors } from './explain-case.ts';
import { groupMeans } from './group-means.ts';
import { pointsPolicy } from './points/score-case.ts';
import type { PaymentBasis } from './preview-case.ts';
import type { Settlement } from './settle-year.ts';

/** The groups an area was settled with, and the steps that assigned them. */
export type AreaGrouping = { readonly catalogue: GroupCatalogue; readonly profile: GroupingProfile };

/** Of a settlement that `settleYear` has just made in this engine. */
export async function areaGrouping(
  engine: Engine,
  settlement: Settlement,
  areaFolder: string,
): Promise<AreaGrouping> {
  const { policy, tables } = settlement;
  if (policy.choice('grouping.method') === 'dip-catalogue') {
    return { catalogue: await areaCatalogue(areaFolder, policy), profile: groupingProfile(policy) };
  }
  const rows = await engine.rows(
    `SELECT s.group_code, s.kind, s.score4, c.eligible_procedures
     FROM group_score AS s LEFT JOIN core_group AS c ON s.kind = 'core' AND c.group_code = s.group_code
     ORDER BY s.group_no`,
  );
  const own = (row: Row) => ({ groupCode: String(row.group_code), score4: row.score4 as bigint });
  const keys = keyPolicy(policy);
  const catalogue = referenceCatalogue(
    rows
      .filter((row) => row.kind === 'core')
      .map((row) => ({
        ...own(row),
        procedures: row.eligible_procedures === null ? [] : String(row.eligible_procedures).split('+'),
      })),
    rows.filter((row) => row.kind === 'comprehensive').map(own),
    new Map([...tables.procedures].map(([code, attribute]) => [code, { attribute, grade: undefined }])),
    { core: keys.coreDiagnosisLength, comprehensive: keys.comprehensiveDiagnosisLength },
  );
  const comprehensiveClass = keys.comprehensiveClass as GroupingProfile['options']['comprehensiveClass'];
  const options = { comprehensiveClass, operationByStart: false, blankGroup: undefined };
  return { catalogue, profile: { steps: REFERENCE_STEPS, options } };
}

/** One list of the payment year as grouping saw it, and the level of its institution. */
export async function settledCase(
  engine: Engine,
  { policy, year }: Settlement,
  setlId: string,
): Promise<{ readonly input: DipCase; readonly level: number }> {
  const [row] = await engine.rows(
    `SELECT c.diagnosis, c.cost_fen, c.signature_no, s.procedures, i.level
     FROM case_score AS c JOIN signature AS s ON s.signature_no = c.signature_no
     JOIN institution AS i ON i.institution_no = c.institution_no WHERE c.setl_id = ?`,
    [setlId],
  );
  if (!row) {
    const parameters = { year };
    throw new YibaoError({
      definition: explainErrors.noSuchList,
      field: 'setl_id',
      value: setlId,
      parameters,
    });
  }
  const level = Number(row.level);
  const costFen = row.cost_fen as bigint;
  if (policy.choice('grouping.method') === 'dip-catalogue') {
    const signature = await engine.row('SELECT * FROM grouping_signature WHERE signature_no = ?', [
      row.signature_no!,
    ]);
    return { input: { ...caseOfSignature(signature), costFen }, level };
  }
  const procedures = String(row.procedures).split('|');
  return {
    input: { principalDiagnosis: String(row.diagnosis), otherDiagnoses: [], procedures, costFen },
    level,
  };
}

/** What a case of an institution of this level is paid with; without a level the coefficient is 1. */
export async function paymentBasis(
  engine: Engine,
  settlement: Settlement,
  level: number | undefined,
): Promise<PaymentBasis> {
  const { policy, tables } = settlement;
  const [coefficient] =
    level === undefined
      ? []
      : await engine.rows('SELECT coefficient4 FROM coefficient_result WHERE level = ?', [level]);
  const means = await groupMeans(engine, settlement);
  return {
    points: pointsPolicy(policy),
    coefficient4: coefficient ? (coefficient.coefficient4 as bigint) : 10_000n,
    primaryCareCoefficient4: roundTo(policy.fraction('coefficient.primary_care'), 4),
    primaryCareGroups: tables.primaryCareGroups,
    meanFenOf: (groupCode) => means.get(groupCode),
    pointValue8: settlement.startPointValue8,
  };
}
