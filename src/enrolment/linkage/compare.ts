import { plainName } from '../certificates.ts';
import { LINK_FIELDS, type LinkField, type LinkWeights } from './weights.ts';

/** What is known of somebody who is to be recognised. Empty means not known. */
export type LinkRecord = {
  readonly name: string;
  readonly brdy: string | null;
  /** 1 male, 2 female, else not known */
  readonly gend: string;
  readonly tels: readonly string[];
  readonly addrs: readonly string[];
  /** whole numbers of persons; of a row also a part: with `*` for what is hidden, or its last characters */
  readonly certnos: readonly string[];
};

export type FieldWeight = {
  readonly field: LinkField;
  /** undefined: one of the two does not say it, which speaks neither way */
  readonly level: string | undefined;
  readonly weight100: number;
};

/** Field by field how alike a row and a person are, and what each likeness weighs. The same in SQL: `weight-sql.ts`. */
export function compareRecords(
  row: LinkRecord,
  person: LinkRecord,
  { fields }: Pick<LinkWeights, 'fields'>,
): readonly FieldWeight[] {
  return LINK_FIELDS.map((field) => {
    const level = LEVEL_OF[field](row, person);
    return { field, level, weight100: level === undefined ? 0 : fields[field].levels[level]!.weight100 };
  });
}

export const sumOf = (weights: readonly FieldWeight[]): number =>
  weights.reduce((sum, { weight100 }) => sum + weight100, 0);

const LEVEL_OF: Readonly<Record<LinkField, (row: LinkRecord, person: LinkRecord) => string | undefined>> = {
  name: (row, person) => levelOfNames(plainName(row.name), plainName(person.name)),
  brdy: (row, person) => levelOfBirths(row.brdy, person.brdy),
  gend: ({ gend: one }, { gend: other }) =>
    isSex(one) && isSex(other) ? (one === other ? 'same' : 'differs') : undefined,
  addr: (row, person) => best(row.addrs, person.addrs, levelOfAddresses, ['same', 'part', 'differs']),
  tel: (row, person) =>
    best(row.tels, person.tels, (one, other) => (one === other ? 'same' : 'differs'), ['same', 'differs']),
  certno: (row, person) => best(row.certnos, person.certnos, levelOfCertificates, CERTIFICATE_LEVELS),
};
const CERTIFICATE_LEVELS = ['same', 'one-digit', 'part', 'two-digits', 'area-and-birth', 'differs'];

const isSex = (gend: string): boolean => gend === '1' || gend === '2';

function best(
  ones: readonly string[],
  others: readonly string[],
  levelOf: (one: string, other: string) => string,
  levels: readonly string[],
): string | undefined {
  const reached = ones.flatMap((one) => others.map((other) => levelOf(one, other)));
  return levels.find((level) => reached.includes(level));
}

function levelOfNames(one: string, other: string): string | undefined {
  if (one === '' || other === '') return undefined;
  if (one === other) return 'same';
  const [short, long] = [one, other].toSorted((a, b) => [...a].length - [...b].length) as [string, string];
  if ([...short].length >= 2 && placesThatDiffer(one, other) === 1) return 'one-character';
  return [...short].length >= 2 && long.startsWith(short) ? 'part' : 'differs';
}

function levelOfBirths(one: string | null, other: string | null): string | undefined {
  if (one === null || other === null) return undefined;
  if (one === other) return 'same';
  if (placesThatDiffer(one, other) === 1) return 'one-digit';
  if (one.slice(0, 4) !== other.slice(0, 4)) return 'differs';
  return one.slice(5) === `${other.slice(8)}-${other.slice(5, 7)}` ? 'day-and-month-swapped' : 'year';
}

const PART_OF_ADDRESS_CHARACTERS_MIN = 6;

function levelOfAddresses(one: string, other: string): string {
  if (one === other) return 'same';
  const isPart = (part: string, whole: string) =>
    [...part].length >= PART_OF_ADDRESS_CHARACTERS_MIN && whole.includes(part);
  return isPart(one, other) || isPart(other, one) ? 'part' : 'differs';
}

const SEEN_CHARACTERS_MIN = 4;

function levelOfCertificates(given: string, whole: string): string {
  if (given === whole) return 'same';
  if (given.includes('*')) {
    const seen = [...given].filter((character) => character !== '*').length;
    const fits =
      given.length === whole.length && [...given].every((each, at) => each === '*' || each === whole[at]);
    return fits && seen >= SEEN_CHARACTERS_MIN ? 'part' : 'differs';
  }
  const differing = placesThatDiffer(given, whole);
  if (differing === 1) return 'one-digit';
  if (given.length >= SEEN_CHARACTERS_MIN && given.length <= 8 && whole.endsWith(given)) return 'part';
  if (differing === 2) return 'two-digits';
  return given.length === 18 && given.slice(0, 14) === whole.slice(0, 14) ? 'area-and-birth' : 'differs';
}

function placesThatDiffer(one: string, other: string): number | undefined {
  const [left, right] = [[...one], [...other]];
  if (left.length !== right.length) return undefined;
  return left.filter((character, at) => character !== right[at]).length;
}
