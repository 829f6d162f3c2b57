import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEME_FILES } from './scheme.ts';

/** The files of a scheme for tests: lines without header, by file. */
export type SchemeLines = Readonly<Partial<Record<(typeof SCHEME_FILES)[number]['file'], readonly string[]>>>;

/** A small sound scheme: one newborn MDC, one with MCC and CC splits, an ambiguous result. */
export const SOUND: Required<SchemeLines> = {
  'steps.csv': [
    '1,mdc,MDCP,MDCP,principal_diagnosis in @MDCP and age_years == 0',
    '2,adrg,MDCP,PS1,any_diagnosis in @MDCP and birth_weight_g < 1500 and age_days <= 28',
    '3,drg,MDCP,PS19,always',
    '4,mdc,MDCB,MDCB,principal_diagnosis in @MDCB',
    '5,adrg,MDCB,BB1,any_procedure in @BB1.px and any_procedure in @BB1.px/a',
    '6,drg,MDCB,BB11,has_mcc',
    '7,drg,MDCB,BB13,(has_mcc or has_cc)',
    '8,drg,MDCB,BB15,always',
    '9,adrg,MDCB,BR1,not any_procedure in @valid_procedures or diagnosis_sites(@SITE) >= 2',
    "10,drg,MDCB,BR1,\"disposition in ['2','5'] or department == 'ICU' or sex == 1\"",
    '11,ambiguous,MDCB,BQY,principal_procedure in @valid_procedures',
  ],
  'lists.csv': [
    'MDCP,P07.000,',
    'MDCB,I63.900,',
    'BB1.px,01.2408,a',
    'BB1.px,01.2409,b',
    'SITE,S06.000,head',
    'SITE,S27.000,chest',
  ],
  'groups.csv': [
    'PS19,极低体重儿',
    'BB11,开颅手术，伴严重并发症',
    'BB13,开颅手术，伴并发症',
    'BB15,开颅手术',
    'BR1,脑梗死',
    'BQY,歧义病例',
  ],
  'mcc.csv': ['J96.000,1', 'J80.x00,2'],
  'cc.csv': ['E11.900,3'],
  'exclusions.csv': ['I63.900,2', 'P07.000,3', 'I61.900,1'],
  'valid_procedures.csv': ['01.2408', '01.2409'],
};

/** Writes a scheme; files given as null are left out, lines given replace those of `SOUND`. */
export function writeScheme(
  folder: string,
  changes: Readonly<Record<string, readonly string[] | null>> = {},
): string {
  mkdirSync(folder, { recursive: true });
  for (const { file, columns } of SCHEME_FILES) {
    const lines = file in changes ? changes[file] : SOUND[file];
    if (lines) writeFileSync(join(folder, file), `${[columns.join(','), ...lines].join('\n')}\n`);
  }
  return folder;
}
