import type { SetEntry } from '#catalogue/codes/index.ts';
import { lookupCodes, readAloud } from '#catalogue/codes/index.ts';
import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import {
  areaGrouping,
  caseAdjuster,
  classOfInstitution,
  paymentBasis,
  previewCase,
  previewText,
  type Settlement,
} from '#payment/index.ts';

/** A case somebody asks about, as the form gives it. */
export type AskedCase = {
  readonly fixmedinsCode: string;
  readonly diagnoses: readonly string[];
  readonly procedures: readonly string[];
  readonly sex?: string | undefined;
  readonly ageYears?: number | undefined;
  readonly lengthOfStay?: number | undefined;
  readonly insutype?: string | undefined;
  readonly isDaySurgery: boolean;
  readonly costFen?: number | undefined;
};

type Json = Readonly<Record<string, unknown>>;

/** How a case would be grouped and paid in the settled area. */
export async function previewInRun(
  engine: Engine,
  settlement: Settlement,
  asked: AskedCase,
  language: Language,
): Promise<Json> {
  const [principalDiagnosis = '', ...otherDiagnoses] = asked.diagnoses;
  const input = {
    principalDiagnosis,
    otherDiagnoses,
    procedures: asked.procedures,
    sex: asked.sex,
    isDaySurgery: asked.isDaySurgery,
    costFen: asked.costFen === undefined ? undefined : BigInt(asked.costFen),
    age_years: asked.ageYears,
    length_of_stay: asked.lengthOfStay,
  };
  const { fixmedinsCode, insutype: scheme } = asked;
  const fileCase = { caseId: '', input, fixmedinsCode, disposition: '' };
  const adjuster = await caseAdjuster(engine, settlement, { fileCase, scheme });
  const place = { classNo: classOfInstitution(settlement, fixmedinsCode), scheme };
  const { catalogue, profile } = await areaGrouping(engine, settlement, settlement.areaFolder);
  const preview = previewCase(input, catalogue, profile, paymentBasis(settlement, place, adjuster));
  return { ...JSON.parse(JSON.stringify(preview)), text: previewText('', preview, language) };
}

const CODES_MAX = 20;
const sets = new WeakMap<
  Settlement,
  Promise<Readonly<Record<'diagnosis' | 'procedure', readonly SetEntry[]>>>
>();

/** Codes that the area knows, by code, name or pinyin. ICD-10 begins with a letter, ICD-9-CM-3 with a digit. */
export async function codesInRun(
  settlement: Settlement,
  of: 'diagnosis' | 'procedure',
  text: string,
): Promise<Json> {
  let known = sets.get(settlement);
  if (known === undefined) {
    known = entriesOf(settlement);
    sets.set(settlement, known);
  }
  const entries = (await known)[of];
  const rows = await lookupCodes([{ name: 'area', kind: of, entries }], text, CODES_MAX);
  return { rows: rows.map(({ code, name, match }) => ({ code, name, match })) };
}

async function entriesOf({ tables }: Settlement) {
  const names = [...tables.codeNames].map(([code, name]) => ({ code, name }));
  return {
    diagnosis: await readAloud(names.filter(({ code }) => /^[A-Z]/i.test(code))),
    procedure: await readAloud(names.filter(({ code }) => /^\d/.test(code))),
  };
}
