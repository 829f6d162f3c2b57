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
import { keyPolicy } from './explain/dip-reference.ts';
import { explainErrors } from './explain-case.ts';
import { adjustedScore, type CaseAdjuster } from './preview-adjust.ts';
import { type PaymentBasis, plainPayment } from './preview-case.ts';
import type { Settlement } from './settle-year.ts';

/** The groups an area was settled with, and the steps that assigned them. */
export type AreaGrouping = { readonly catalogue: GroupCatalogue; readonly profile: GroupingProfile };

/** Of a settlement whose tables this engine has: just made by `settleYear`, or kept from an earlier run. */
export async function areaGrouping(
  engine: Engine,
  settlement: Pick<Settlement, 'policy' | 'tables'>,
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

/** What of the institution and the insured decides the payment of a case; undefined where it is not known. */
export type PlaceOfPayment = { readonly classNo: number | undefined; readonly scheme: string | undefined };

/** One list of the payment year as grouping saw it, and where it is paid. */
export async function settledCase(
  engine: Engine,
  { policy, year }: Settlement,
  setlId: string,
): Promise<{ readonly input: DipCase; readonly place: PlaceOfPayment }> {
  const [row] = await engine.rows(
    `SELECT s.diagnosis, c.cost_fen, c.signature_no, c.scheme, s.procedures, i.class_no
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
  const place = { classNo: Number(row.class_no), scheme: String(row.scheme) };
  const costFen = row.cost_fen as bigint;
  if (policy.choice('grouping.method') === 'dip-catalogue') {
    const signature = await engine.row('SELECT * FROM grouping_signature WHERE signature_no = ?', [
      row.signature_no!,
    ]);
    return { input: { ...caseOfSignature(signature), costFen }, place };
  }
  const procedures = String(row.procedures).split('|');
  return {
    input: { principalDiagnosis: String(row.diagnosis), otherDiagnoses: [], procedures, costFen },
    place,
  };
}

/** The class of institutions that an institution of the area belongs to. */
export const classOfInstitution = (
  { catalogue }: Settlement,
  fixmedinsCode: string | undefined,
): number | undefined =>
  catalogue.classes.find(({ institutions }) =>
    institutions.some((institution) => institution.fixmedinsCode === fixmedinsCode),
  )?.classNo;

/**
 * What a case is paid with in a settled area. Without an institution the coefficient is 1; without a scheme there is a point
 * value only where all schemes have the same. With an adjuster the type and the adjustments of the case count.
 */
export function paymentBasis(
  { policy, catalogue, tables, startPointValues }: Settlement,
  { classNo, scheme }: PlaceOfPayment,
  adjuster?: CaseAdjuster,
): PaymentBasis {
  const groups = new Map(catalogue.groups.map((group) => [`${group.kind} ${group.groupCode}`, group]));
  const [value8, ...others] = new Set(startPointValues.values8.values());
  const common8 = others.length === 0 ? value8 : undefined;
  return {
    pointValue8: scheme === undefined ? common8 : startPointValues.values8.get(scheme),
    paymentOf: (entry) => {
      const group = groups.get(`${entry.kind} ${entry.groupCode}`);
      if (!group || classNo === undefined) {
        const kind = tables.primaryCareGroups.has(entry.groupCode) ? 'primary-care' : entry.kind;
        return plainPayment(policy, { ...entry, kind }, 10_000n, group?.meanFen);
      }
      const standard = catalogue.standardOf(group, classNo);
      const payment = {
        coefficient4: catalogue.coefficientOf(group, classNo).coefficient4,
        score4: standard.score4,
        standard,
        points: catalogue.pointsOf(group, classNo),
      };
      if (adjuster === undefined) return payment;
      return {
        ...payment,
        ofCase: (costFen) => adjustedScore(adjuster, { group, classNo, costFen }, payment),
      };
    },
  };
}
