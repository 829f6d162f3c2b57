import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { DiagnosisListEntry } from '#catalogue/points-tables.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { type Fraction, parseDecimal } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { typingErrors } from './errors.ts';

/** Whole numbers of a case that a condition may bound, both ends inclusive. */
export const RANGE_FIELDS = ['age_days', 'age_years', 'length_of_stay', 'icu_days', 'weight'] as const;
export type RangeField = (typeof RANGE_FIELDS)[number];
/** Shares of the cost that a condition may ask for at least. */
export const SHARE_FIELDS = ['treatment_share', 'drug_share'] as const;
export type ShareField = (typeof SHARE_FIELDS)[number];
/** Conditions on the lists that the diagnoses of a case are in. */
export const LIST_FIELDS = [
  'principal_in',
  'principal_not_in',
  'other_in',
  'other_not_in',
  'other_elsewhere_in',
] as const;
export type ListField = (typeof LIST_FIELDS)[number];

export type Range = { readonly from: number | undefined; readonly to: number | undefined };

/** All that is written must hold. */
export type TypeCondition = {
  readonly ranges: ReadonlyMap<RangeField, Range>;
  /** lists of which at least one (`…_in`) or none (`…_not_in`) must hold a diagnosis */
  readonly lists: ReadonlyMap<ListField, readonly string[]>;
  /** way of discharge is one of these */
  readonly disposition: readonly string[] | undefined;
  readonly dispositionNot: readonly string[] | undefined;
  /** cost ≥ multiple · standard of the group at the institution */
  readonly costMultiple: Fraction | undefined;
  readonly shares: ReadonlyMap<ShareField, Fraction>;
};

export type CaseType = {
  /** from 1, in the order of the definition */
  readonly typeNo: number;
  readonly code: string;
  readonly title: Text;
  readonly family: string;
  readonly familyTitle: Text;
  readonly familyNo: number;
  /** its trigger limits are the looser ones */
  readonly loose: boolean;
  /** fits when no other type of its family does; `condition` is then that of the family */
  readonly otherwise: boolean;
  readonly condition: TypeCondition;
};

export type TypeDefinition = {
  readonly name: string;
  readonly types: readonly CaseType[];
  /** the list whose weights are added up for `weight` */
  readonly weightList: string | undefined;
  /** starts of codes by list, as the definition writes them */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly usedLists: ReadonlySet<string>;
};

const OWN_DEFINITIONS = join(import.meta.dirname, 'types');

/**
 * Reads a definition that comes with the project, or a YAML file of the area folder.
 * @throws YibaoError naming file and line of everything that is wrong
 */
export function readTypeDefinition(name: string, areaFolder: string): TypeDefinition {
  const inArea = join(areaFolder, name);
  const own = join(OWN_DEFINITIONS, `${name}.yaml`);
  const path = basename(name) === name && existsSync(inArea) ? inArea : own;
  if (basename(name) !== name || !existsSync(path)) {
    const known = readdirSync(OWN_DEFINITIONS).map((file) => basename(file, '.yaml'));
    throw new YibaoError({
      definition: typingErrors.unknownDefinition,
      field: 'typing.types',
      value: name,
      parameters: { known: known.toSorted().join(', ') },
    });
  }
  return new DefinitionReader(basename(path), readFileSync(path, 'utf8')).read(name);
}

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
type Mapping = { readonly [key: string]: Value };

class DefinitionReader {
  readonly #file: string;
  readonly #document: ReturnType<typeof parseDocument>;
  readonly #lines = new LineCounter();
  readonly #problems: Problem[] = [];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const error = this.#document.errors[0];
    if (error) {
      throw new YibaoError({
        definition: typingErrors.notYaml,
        file,
        row: this.#lines.linePos(error.pos[0]).line,
        parameters: { reason: error.message },
      });
    }
  }

  read(name: string): TypeDefinition {
    const root = this.#mapping([], this.#document.toJS() as Value, ['weights', 'lists', 'families']);
    const lists = new Map(
      Object.entries(this.#mapping(['lists'], root.lists ?? {})).map(([list, codes]) => [
        list,
        this.#texts(['lists', list], codes).flatMap((code) => this.#codes(['lists', list], code)),
      ]),
    );
    const types: CaseType[] = [];
    const families = Object.entries(this.#mapping(['families'], root.families ?? null));
    if (families.length === 0) this.#report(['families'], 'families 下的分型', 'types under families');
    for (const [index, [family, written]] of families.entries()) {
      this.#family(family, index + 1, written, types);
    }
    if (this.#problems.length > 0) throw new YibaoError(this.#problems);
    const weightList = typeof root.weights === 'string' ? root.weights : undefined;
    const used = types.flatMap(({ condition }) => [...condition.lists.values()].flat());
    const weighs = types.some(({ condition }) => condition.ranges.has('weight'));
    return {
      name,
      types,
      weightList,
      lists,
      usedLists: new Set([...used, ...(weighs && weightList ? [weightList] : [])]),
    };
  }

  #family(family: string, familyNo: number, written: Value, types: CaseType[]): void {
    const path = ['families', family];
    const parts = this.#mapping(path, written, ['title', 'when', 'loose', 'types']);
    const familyTitle = this.#title([...path, 'title'], parts.title ?? null);
    const shared = this.#condition([...path, 'when'], parts.when ?? {});
    for (const [code, type] of Object.entries(this.#mapping([...path, 'types'], parts.types ?? null))) {
      const place = [...path, 'types', code];
      const own = this.#mapping(place, type, ['title', 'when', 'otherwise']);
      const otherwise = own.otherwise === true;
      if (otherwise === (own.when !== undefined)) {
        this.#report(place, ' when 或 otherwise: true 二者之一', 'either when or otherwise: true');
      }
      if (types.some((earlier) => earlier.code === code)) {
        this.#report(place, '不重复的分型编码', 'a code no other type has');
      }
      types.push({
        typeNo: types.length + 1,
        code,
        title: this.#title([...place, 'title'], own.title ?? null),
        family,
        familyTitle,
        familyNo,
        loose: parts.loose === true,
        otherwise,
        condition: joined(shared, this.#condition([...place, 'when'], own.when ?? {})),
      });
    }
  }

  #condition(path: readonly string[], written: Value): TypeCondition {
    const parts = this.#mapping(path, written, [
      ...RANGE_FIELDS,
      ...LIST_FIELDS,
      ...SHARE_FIELDS,
      'disposition',
      'disposition_not',
      'cost_multiple',
    ]);
    const said = <Field extends string>(fields: readonly Field[]) =>
      fields.filter((field) => parts[field] !== undefined);
    const texts = (field: string) =>
      parts[field] === undefined ? undefined : this.#texts([...path, field], parts[field]);
    const decimal = (field: string) =>
      parts[field] === undefined ? undefined : this.#decimal([...path, field], parts[field]);
    return {
      ranges: new Map(
        said(RANGE_FIELDS).map((field) => [field, this.#range([...path, field], parts[field]!)]),
      ),
      lists: new Map(said(LIST_FIELDS).map((field) => [field, texts(field)!])),
      disposition: texts('disposition'),
      dispositionNot: texts('disposition_not'),
      costMultiple: decimal('cost_multiple'),
      shares: new Map(said(SHARE_FIELDS).map((field) => [field, decimal(field)!])),
    };
  }

  #range(path: readonly string[], written: Value): Range {
    const { from, to } = this.#mapping(path, written, ['from', 'to']);
    const isBound = (value: Value | undefined): value is number | undefined =>
      value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 0);
    if (!isBound(from) || !isBound(to) || (from === undefined && to === undefined)) {
      this.#report(
        path,
        '非负整数的 from 和 to，至少一个',
        'whole numbers from and to, at least one of them',
      );
      return { from: undefined, to: undefined };
    }
    return { from, to };
  }

  #decimal(path: readonly string[], written: Value): Fraction {
    const value = typeof written === 'string' && /^\d{1,4}(\.\d{1,4})?$/.test(written);
    if (!value)
      this.#report(path, '加引号的数，至多四位小数', 'a number in quotes with at most four decimals');
    return parseDecimal(value ? (written as string) : '1')!;
  }

  #texts(path: readonly string[], written: Value): string[] {
    if (Array.isArray(written) && written.length > 0 && written.every((each) => typeof each === 'string')) {
      return written as string[];
    }
    this.#report(path, '文本的列表', 'a list of texts');
    return [];
  }

  /** `C00-C97` is every category from C00 to C97; anything else the start of codes. */
  #codes(path: readonly string[], code: string): string[] {
    const range = /^([A-Z])(\d\d)-([A-Z])(\d\d)$/.exec(code);
    if (!range) return [code];
    const number = (letter: string, digits: string) => letter.charCodeAt(0) * 100 + Number(digits);
    const [first, last] = [number(range[1]!, range[2]!), number(range[3]!, range[4]!)];
    if (first > last) this.#report(path, '从小到大的范围', 'a range from the smaller to the larger');
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index).map(
      (each) => `${String.fromCharCode(Math.floor(each / 100))}${String(each % 100).padStart(2, '0')}`,
    );
  }

  #title(path: readonly string[], written: Value): Text {
    const said = written === null ? {} : this.#mapping(path, written, ['zh', 'en']);
    const { zh, en } = said;
    if (typeof zh === 'string' && typeof en === 'string') return { zh, en };
    this.#report(path, '含 zh 和 en 的名称', 'a title with zh and en');
    return { zh: '', en: '' };
  }

  /** A mapping; with `known`, one that has no other keys. */
  #mapping(path: readonly string[], written: Value, known?: readonly string[]): Mapping {
    if (written === null || typeof written !== 'object' || Array.isArray(written)) {
      this.#report(path, '键与值', 'keys and values');
      return {};
    }
    const mapping = written as Mapping;
    for (const key of Object.keys(mapping)) {
      if (known && !known.includes(key)) {
        this.#report([...path, key], ` ${known.join('、')} 之一`, `one of ${known.join(', ')}`);
      }
    }
    return mapping;
  }

  #report(path: readonly string[], expected: string, expectedEn: string): void {
    this.#problems.push({
      definition: typingErrors.badDefinition,
      file: this.#file,
      row: this.#lineOf(path),
      field: path.join('.'),
      parameters: { expected, expectedEn },
    });
  }

  /** The line of the key at a path, or of the nearest one above it. */
  #lineOf(path: readonly string[]): number {
    for (let length = path.length; length > 0; length -= 1) {
      const parent =
        length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, length - 1), true);
      if (!isMap(parent)) continue;
      const pair = parent.items.find(({ key }) => isNode(key) && String(key) === path[length - 1]);
      const range = isNode(pair?.key) ? pair.key.range : undefined;
      if (range) return this.#lines.linePos(range[0]).line;
    }
    return 1;
  }
}

/** Both conditions together; what the second says of a field takes the place of the first. */
function joined(first: TypeCondition, second: TypeCondition): TypeCondition {
  return {
    ranges: new Map([...first.ranges, ...second.ranges]),
    lists: new Map([...first.lists, ...second.lists]),
    disposition: second.disposition ?? first.disposition,
    dispositionNot: second.dispositionNot ?? first.dispositionNot,
    costMultiple: second.costMultiple ?? first.costMultiple,
    shares: new Map([...first.shares, ...second.shares]),
  };
}

/** One entry of a list by the number of the list: every code that begins with `code`. */
export type ListEntry = Omit<DiagnosisListEntry, 'row' | 'list'> & { readonly listNo: number };

/** The lists that the types use, numbered from 0 in text order, and all their entries. */
export type Dictionary = { readonly names: readonly string[]; readonly entries: readonly ListEntry[] };

/**
 * Puts together the lists of the definition and those of the area.
 * @throws YibaoError for a list that is used and written nowhere
 */
export function dictionaryOf(definition: TypeDefinition, ofArea: readonly DiagnosisListEntry[]): Dictionary {
  const names = [...definition.usedLists].toSorted();
  const entries = names.flatMap((list, listNo) => [
    ...(definition.lists.get(list) ?? []).map((code) => ({ listNo, code, weight: 1, unlessPrincipal: [] })),
    ...ofArea
      .filter((entry) => entry.list === list)
      .map(({ code, weight, unlessPrincipal }) => ({ listNo, code, weight, unlessPrincipal })),
  ]);
  const missing = names.filter((_, listNo) => !entries.some((entry) => entry.listNo === listNo));
  if (missing.length > 0) {
    throw new YibaoError(
      missing.map((value) => ({
        definition: typingErrors.listMissing,
        file: 'diagnosis_lists.csv',
        field: 'list',
        value,
      })),
    );
  }
  return { names, entries };
}
