import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap } from 'yaml';
import { YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import {
  bilingualPart,
  choicePart,
  knownParts,
  listParts,
  mappingParts,
  type Part,
  readYaml,
  textPart,
  type YamlFile,
} from '#policy/index.ts';
import { enrolmentErrors } from '../errors.ts';
import { sha256 } from '../linkage/weights.ts';

/** How a cell is read. */
export type FieldKind =
  | 'text'
  | 'name'
  | 'certificate'
  | 'day'
  | 'month'
  | 'year'
  | 'count'
  | 'yuan'
  | 'code'
  | 'phone'
  | 'place';

/** The fields a mapping can give, each with how its cells are read. */
export const FIELDS = {
  name: 'name',
  psn_cert_type: 'code',
  certno: 'certificate',
  old_certno: 'certificate',
  gend: 'code',
  brdy: 'day',
  tel: 'phone',
  addr: 'place',
  county: 'code',
  death_date: 'day',
  /** why no enrolment here is expected: serving, abroad …; resident or nothing: it is */
  situation: 'code',
  /** school, employer, street: who is asked to call on the person */
  organisation: 'text',
  psn_idet_type: 'code',
  /** registered, or permit: holder of a residence permit */
  residence: 'code',
  /** of the tax bureau's answer to a payable list: list-row, accepted or refused, and why not */
  payable: 'code',
  result: 'code',
  reason: 'text',
  insutype: 'code',
  psn_type: 'code',
  insuplc_admdvs: 'code',
  begndate: 'day',
  enddate: 'day',
  receipt: 'text',
  paid_on: 'day',
  month_from: 'month',
  month_to: 'month',
  person_fen: 'yuan',
  employer_fen: 'yuan',
  subsidy_fen: 'yuan',
  assistance_fen: 'yuan',
  /** what of the receipt was given back, on the day `paid_on` */
  refund_fen: 'yuan',
  /** of a person's continuity: the year it holds in, years in a row with it, years without a claim, kept after a gap */
  year: 'year',
  continuous_years: 'count',
  zero_claim_years: 'count',
  earned_before_gap_fen: 'yuan',
} as const satisfies Readonly<Record<string, FieldKind>>;
export type Field = keyof typeof FIELDS;
const FIELD_NAMES = Object.keys(FIELDS) as readonly Field[];

/** What the rows of a department say, with the fields each must have. */
export const HOLDS = {
  /** who lives, learns or works here */
  population: ['name'],
  /** labels of assistance with their dates */
  identities: ['name', 'psn_idet_type', 'begndate'],
  /** who is insured in another area */
  members: ['name', 'insutype', 'insuplc_admdvs', 'begndate'],
  /** years of enrolment in a row and without a claim, as another system knew them */
  continuity: ['name', 'certno', 'year'],
  /** contributions as the tax bureau collected them */
  collection: ['certno', 'receipt', 'insutype', 'month_from', 'month_to', 'person_fen'],
  /** what the tax bureau says of the rows of a payable list */
  'payable-answers': ['payable', 'result'],
  /** contributions as they reached the treasury */
  treasury: ['receipt', 'insutype', 'person_fen'],
} as const satisfies Readonly<Record<string, readonly Field[]>>;
export type Holds = keyof typeof HOLDS;

export type ColumnOfField = {
  /** names the column may have */
  readonly from: readonly string[];
  /** words of the department for codes; what is none of them is a code already */
  readonly codes: ReadonlyMap<string, string>;
  /** the value of every row, where the file has no column for it */
  readonly fixed: string | undefined;
};
export type Mapping = {
  readonly department: string;
  readonly title: Text;
  readonly holds: Holds;
  /** insurance its people should have, by insutype; empty: it says nothing of that */
  readonly expects: readonly string[];
  readonly columns: ReadonlyMap<Field, ColumnOfField>;
  readonly sha256: string;
};

const OWN_FOLDER = import.meta.dirname;

/**
 * The mappings of the departments by name: those of the project and, before them, those of `departments/` in the data folder.
 * @throws YibaoError with every fault of every file
 */
export function readMappings(dataFolder?: string): ReadonlyMap<string, Mapping> {
  const own = dataFolder === undefined ? undefined : join(dataFolder, 'departments');
  const folders = [OWN_FOLDER, ...(own !== undefined && existsSync(own) ? [own] : [])];
  const paths = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .toSorted()
      .map((name) => join(folder, name)),
  );
  const yamls = paths.map((path) => {
    const yaml = readYaml(path);
    return { yaml, mapping: yaml.problems.length > 0 ? undefined : readMapping(yaml, path) };
  });
  const problems = yamls.flatMap(({ yaml }) => yaml.problems);
  if (problems.length > 0) throw new YibaoError(problems);
  return new Map(yamls.map(({ mapping }) => [mapping!.department, mapping!]));
}

/** @throws YibaoError enrolment.no-such-department */
export function mappingOf(department: string, dataFolder?: string): Mapping {
  const mappings = readMappings(dataFolder);
  const mapping = mappings.get(department);
  if (mapping !== undefined) return mapping;
  throw new YibaoError({
    definition: enrolmentErrors.noSuchDepartment,
    field: 'department',
    value: department,
    parameters: { known: [...mappings.keys()].join(', ') },
  });
}

function readMapping(yaml: YamlFile, path: string): Mapping | undefined {
  const parts = knownParts(yaml, yaml.root, ['department', 'title', 'holds', 'columns'], ['expects']);
  const holds = choicePart(yaml, parts.holds, Object.keys(HOLDS) as Holds[]);
  const columns = new Map<Field, ColumnOfField>();
  if (parts.columns) {
    const known = knownParts(yaml, parts.columns, holds ? HOLDS[holds] : [], FIELD_NAMES);
    for (const field of FIELD_NAMES) {
      const part = known[field];
      if (part) columns.set(field, readColumn(yaml, part));
    }
  }
  const department = textPart(yaml, parts.department);
  const title = bilingualPart(yaml, parts.title);
  const expects = parts.expects
    ? listParts(yaml, parts.expects).map((part) => textPart(yaml, part) ?? '')
    : [];
  if (department === undefined || title === undefined || holds === undefined) return undefined;
  return { department, title, holds, expects, columns, sha256: sha256(readFileSync(path)) };
}

/** `[姓名, XM]`, or `{from: […], codes: {男: "1"}}`, or `{fixed: "2303"}` */
function readColumn(yaml: YamlFile, part: Part): ColumnOfField {
  const texts = (inner: Part | undefined): string[] =>
    inner === undefined ? [] : listParts(yaml, inner).flatMap((each) => textPart(yaml, each) ?? []);
  if (!isMap(part.node)) return { from: texts(part), codes: new Map(), fixed: undefined };
  const { from, codes, fixed } = knownParts(yaml, part, [], ['from', 'codes', 'fixed']);
  if (from === undefined && fixed === undefined) {
    yaml.problems.push({
      definition: enrolmentErrors.wrongSetting,
      file: yaml.file,
      row: part.line,
      field: part.key,
      parameters: { expectedZh: '有 from 或 fixed', expectedEn: 'a mapping with from or fixed' },
    });
  }
  return {
    from: texts(from),
    codes: new Map(
      codes ? mappingParts(yaml, codes).map((each) => [each.key, textPart(yaml, each) ?? ''] as const) : [],
    ),
    fixed: textPart(yaml, fixed),
  };
}
