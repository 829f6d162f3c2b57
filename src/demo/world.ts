/**
 * The invented prefecture as data: what falls ill, who treats it and how, read from the CSV files beside this
 * file. No place, institution or person in it exists.
 *
 * Four institutions misbehave, so that supervision has something to find (`behaviour` in institutions.csv):
 * - `upcoding` 石棠县中医医院 writes a costlier related diagnosis (`upcoded_as`) ever more often, at unchanged cost;
 * - `splitting` 枫泉安和医院 discharges three of ten patients and admits them again within two days;
 * - `trivial-admissions` 望岚惠民医院 fills half of its beds with colds and headaches at a fraction of the usual cost;
 * - `just-above-half` 云岭康宁骨科医院 keeps most stays just above half of the usual cost, where a stay stops being
 *   a low outlier and earns the full score.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

type CsvRow = Readonly<Record<string, string>>;

export type Diagnosis = {
  readonly number: number;
  readonly code: string;
  readonly name: string;
  readonly department: string;
  /** 1 male, 2 female, undefined both */
  readonly sex: 1 | 2 | undefined;
  /** Relative admissions in the age bands of `AGE_BANDS`. */
  readonly admissions: readonly number[];
  readonly season: number;
  /** 1 any township can treat it … 5 only the large institutions of the city */
  readonly tier: number;
  /** Yuan of a stay without procedures in an average level-2 institution. */
  readonly cost: number;
  readonly days: number;
  readonly upcodedAs: string | undefined;
  /** First seen in the current year, so that its lists have no group. */
  readonly current: boolean;
};

export type Procedure = {
  /** From 1; 0 is "no procedure". */
  readonly number: number;
  readonly code: string;
  readonly name: string;
  /** Empty: missing from the area's procedures.csv on purpose, so that intake has a code to report. */
  readonly attribute: string;
  readonly department: string;
  readonly cost: number;
  readonly days: number;
};

export type Treatment = {
  /** From 1; 0 is "no procedure". */
  readonly number: number;
  readonly diagnosis: Diagnosis;
  readonly procedures: readonly Procedure[];
  /** Shares per mille of the diagnosis' stays at levels 1, 2 and 3. */
  readonly shares: readonly number[];
};

export type Institution = {
  readonly number: number;
  readonly code: string;
  readonly name: string;
  readonly level: 1 | 2 | 3;
  readonly county: string;
  readonly speciality: string;
  readonly size: number;
  /** Cost level of the institution per mille of its level's usual one. */
  readonly price: number;
  readonly behaviour: string;
};

export type World = {
  readonly diagnoses: readonly Diagnosis[];
  readonly procedures: readonly Procedure[];
  readonly treatments: readonly Treatment[];
  readonly institutions: readonly Institution[];
  readonly departments: readonly string[];
};

export const AREA_CODE = '990100';
export const AREA_NAME = '云岭市';
export const AGE_BANDS = ['infant', 'child', 'young', 'middle', 'old'] as const;
/** Counties with their share of the inhabitants per mille: [employees, residents]. */
export const COUNTIES: readonly (readonly [name: string, employees: number, residents: number])[] = [
  ['云城区', 430, 170],
  ['岭北区', 180, 145],
  ['清濑县', 100, 150],
  ['石棠县', 75, 130],
  ['梅渡县', 65, 120],
  ['枫泉县', 60, 110],
  ['望岚县', 50, 95],
  ['白稻县', 40, 80],
];
/** Discharges per month in thousandths of a year; every profile dips at the Spring Festival. */
export const SEASONS: readonly (readonly [name: string, months: readonly number[]])[] = [
  ['flat', [82, 66, 88, 85, 85, 83, 87, 86, 84, 83, 86, 85]],
  ['winter', [124, 96, 98, 76, 66, 58, 57, 56, 62, 76, 104, 127]],
  ['spring', [70, 68, 112, 118, 112, 92, 74, 66, 68, 74, 74, 72]],
  ['summer', [58, 52, 68, 78, 94, 108, 126, 124, 98, 74, 62, 58]],
  ['autumn', [74, 58, 76, 74, 76, 76, 80, 86, 108, 118, 100, 74]],
];

const read = (file: string): CsvRow[] =>
  parse(readFileSync(join(import.meta.dirname, file)), { columns: true, skip_empty_lines: true }) as CsvRow[];

/** Reads the tables of the invented area. Throws when one of them names a code that another does not have. */
export function readWorld(): World {
  const diagnoses = read('diagnoses.csv').map(
    (row, number): Diagnosis => ({
      number,
      code: row.code!,
      name: row.name!,
      department: row.department!,
      sex: row.sex === '1' ? 1 : row.sex === '2' ? 2 : undefined,
      admissions: AGE_BANDS.map((band) => Number(row[band])),
      season: SEASONS.findIndex(([name]) => name === row.season),
      tier: Number(row.tier),
      cost: Number(row.cost),
      days: Number(row.days),
      upcodedAs: row.upcoded_as || undefined,
      current: row.since === 'current',
    }),
  );
  const procedures = read('procedures.csv').map(
    (row, index): Procedure => ({
      number: index + 1,
      code: row.code!,
      name: row.name!,
      attribute: row.attribute!,
      department: row.department!,
      cost: Number(row.cost),
      days: Number(row.days),
    }),
  );
  const diagnosisOf = new Map(diagnoses.map((diagnosis) => [diagnosis.code, diagnosis]));
  const procedureOf = new Map(procedures.map((procedure) => [procedure.code, procedure]));
  const treatments = read('treatments.csv')
    .flatMap((row) => row.diagnoses!.split('|').map((code) => ({ row, code })))
    .map(
      ({ row, code }, index): Treatment => ({
        number: index + 1,
        diagnosis: known(diagnosisOf, code),
        procedures: row.procedures!.split('|').map((procedure) => known(procedureOf, procedure)),
        shares: [Number(row.share_1), Number(row.share_2), Number(row.share_3)],
      }),
    );
  const institutions = read('institutions.csv').map((row, number): Institution => {
    const county = COUNTIES.findIndex(([name]) => name === row.county) + 1;
    return {
      number,
      code: `H9901${String(county).padStart(2, '0')}${String(number + 1).padStart(5, '0')}`,
      name: row.name!,
      level: Number(row.level) as 1 | 2 | 3,
      county: row.county!,
      speciality: row.speciality!,
      size: Number(row.size),
      price: Number(row.price),
      behaviour: row.behaviour!,
    };
  });
  const departments = [...new Set([...diagnoses, ...procedures].map((row) => row.department))].sort();
  return { diagnoses, procedures, treatments, institutions, departments };
}

function known<T>(table: ReadonlyMap<string, T>, code: string): T {
  const found = table.get(code);
  if (found === undefined) throw new Error(`the demo tables do not have the code ${code}`);
  return found;
}
