import { parseYuan, yuanText } from '#kernel/money.ts';
import { columnOf, LIST_COLUMNS } from './columns.ts';

/** JSON whose numbers are kept as their text: see parseExactly. */
export type Json = string | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** A settlement list reduced to the columns of the reference profile. */
export type ReducedList = {
  /** LIST_COLUMNS in their order */
  readonly values: readonly (string | null)[];
  /** the columns the object says something about, if only null */
  readonly present: ReadonlySet<string>;
};

/** An object gives the same column under two keys. */
export class DuplicateKey extends Error {
  readonly column: string;
  readonly keys: readonly [string, string];

  constructor(column: string, keys: readonly [string, string]) {
    super(`${keys.join(', ')} are both ${column}`);
    this.column = column;
    this.keys = keys;
  }
}

/** A number without exponent, after the sign that precedes a value. In a text this matches by accident at times. */
const PLAIN_NUMBER = /([:[,]\s*)(-?(?:0|[1-9]\d*)(?:\.\d+)?)(?=\s*[,\]}])/g;
const NUMBER_WITH_EXPONENT = /[:[,]\s*-?\d[\d.]*[eE]/;
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s,\]}])/g;
/** Beyond this a number with an exponent is no amount, age or code: it stays as written and is refused later. */
const EXPONENT_MAX = 40;

/**
 * JSON.parse with numbers as the text they are written in: 12.30 stays "12.30" and a code of twenty digits keeps all of
 * them, where a floating-point number would not. Numbers with an exponent are written out. Throws SyntaxError.
 */
export function parseExactly(text: string): Json {
  if (!NUMBER_WITH_EXPONENT.test(text)) {
    try {
      // Four times as fast as telling texts and numbers apart. A number found inside a text breaks that text in two,
      // which is never JSON: then the slow way decides.
      return JSON.parse(text.replace(PLAIN_NUMBER, '$1"$2"')) as Json;
    } catch {}
  }
  const quoted = text.replace(TEXT_OR_NUMBER, (token) =>
    token.startsWith('"') ? token : `"${withoutExponent(token)}"`,
  );
  return JSON.parse(quoted) as Json;
}

function withoutExponent(number: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/.exec(number);
  if (!match) return number;
  const [, sign, whole, decimals = '', exponentText] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > EXPONENT_MAX) return number;
  const point = whole!.length + exponent;
  const digits = `${'0'.repeat(Math.max(0, 1 - point))}${whole}${decimals}`.padEnd(point, '0');
  const place = Math.max(1, point);
  return `${sign}${digits.slice(0, place)}${digits.length > place ? `.${digits.slice(place)}` : ''}`;
}

/**
 * Reduces one object to a settlement list. The object is either flat (the profile's columns under their field codes or
 * Chinese names) or the national form 4101/4101A with its nodes, bare or as the `input` of a message. Of the national
 * form: what `setlinfo` does not say is taken from the object around it (so is the scheme, before `hi_type`); a total
 * that is given nowhere is the sum of its node; Western diagnoses with the main one first; procedures with the main
 * ones first. Throws DuplicateKey.
 */
export function reduceList(message: JsonObject): ReducedList {
  const list = firstObject(message.input) ?? message;
  const setlinfo = firstObject(list.setlinfo);
  const around = list === message ? [columnsOf(list)] : [columnsOf(list), columnsOf(message)];
  const inside = setlinfo === undefined ? [] : [columnsOf(setlinfo)];
  const present = new Set<string>();

  const given = (column: string): Json | undefined => {
    // The scheme of the settlement stands beside the list; the list itself only has the type of insurance.
    const places = column === 'insutype' ? [...around, ...inside] : [...inside, ...around];
    let value: Json | undefined;
    for (const place of places) {
      const found = place.get(column);
      if (found !== undefined) present.add(column);
      value = isEmpty(value) ? (found ?? value) : value;
    }
    return value;
  };
  const derived = (column: string, value: string | null | undefined): string | null => {
    if (value !== undefined) present.add(column);
    return value ?? null;
  };

  const values = LIST_COLUMNS.map((column) => {
    const value = given(column);
    if (!isEmpty(value)) return Array.isArray(value) ? joinedCodes(value) : textOf(value);
    switch (column) {
      case 'insutype':
        return derived(column, setlinfo?.hi_type === undefined ? undefined : textOf(setlinfo.hi_type));
      case 'medfee_sumamt':
        return derived(column, sumOf(list.iteminfo, 'amt'));
      case 'fund_pay_sumamt':
        return derived(column, sumOf(list.payinfo, 'fund_payamt'));
      case 'diagnoses':
        return derived(column, list.diseinfo === undefined ? undefined : diagnosesOf(list.diseinfo));
      case 'procedures':
        // A stay without procedures has no such node.
        return derived(column, setlinfo === undefined ? undefined : proceduresOf(list.oprninfo ?? null));
      case 'scs_cutd_sum_dura':
        return derived(column, intensiveCareOf(list.icuinfo));
      default:
        return null;
    }
  });
  return { values, present };
}

const isEmpty = (value: Json | undefined): boolean => value === undefined || value === null || value === '';

function columnsOf(object: JsonObject): Map<string, Json> {
  const values = new Map<string, Json>();
  const keys = new Map<string, string>();
  for (const [key, value] of Object.entries(object)) {
    const column = knownColumn(key);
    if (column === undefined) continue;
    const earlier = keys.get(column);
    if (earlier !== undefined) throw new DuplicateKey(column, [earlier, key]);
    keys.set(column, key);
    values.set(column, value);
  }
  return values;
}

const columnByKey = new Map<string, string | undefined>();
const KEYS_REMEMBERED_MAX = 10_000;

function knownColumn(key: string): string | undefined {
  if (columnByKey.has(key)) return columnByKey.get(key);
  const column = columnOf(key);
  if (columnByKey.size < KEYS_REMEMBERED_MAX) columnByKey.set(key, column);
  return column;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object, or the only one of an array. */
function firstObject(value: Json | undefined): JsonObject | undefined {
  const candidate = Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value;
  return isObject(candidate) ? candidate : undefined;
}

/** The objects of a node: an array, or a single object where there is but one. */
function nodes(value: Json | undefined): readonly JsonObject[] {
  const all = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return all.filter((node) => isObject(node));
}

/** A value as text; what is not a plain value stays visible as JSON, so that the list is refused with it. */
function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const joinedCodes = (codes: readonly Json[]): string => codes.map((code) => textOf(code) ?? '').join('|');

/** Exact sum as yuan text with two decimals; the first amount that is not one instead; undefined without the node. */
function sumOf(node: Json | undefined, field: string): string | undefined {
  if (node === undefined || node === null) return undefined;
  let sum = 0n;
  for (const item of nodes(node)) {
    const amount = textOf(item[field]) ?? '';
    // Zeros beyond the second decimal say nothing: 12.5000 is 12.50.
    const parsed = parseYuan(amount.replace(/(\.\d\d)0+$/, '$1'));
    if (parsed === undefined) return amount === '' ? `${field}?` : amount;
    sum += parsed;
  }
  return yuanText(sum);
}

/**
 * Time in intensive care of all stays together as days/hours/minutes: of each stay what is written, or from entry to exit.
 * The first that is neither stands for them all, and says nothing; undefined without the node.
 */
function intensiveCareOf(node: Json | undefined): string | undefined {
  if (node === undefined || node === null) return undefined;
  let minutes = 0;
  for (const stay of nodes(node)) {
    const written = textOf(stay.scs_cutd_sum_dura)?.trim() ?? '';
    const parsed =
      written === ''
        ? minutesBetween(textOf(stay.scs_cutd_inpool_time), textOf(stay.scs_cutd_exit_time))
        : minutesOf(written);
    if (parsed === undefined) return written || '?';
    minutes += parsed;
  }
  return `${Math.floor(minutes / 1440)}/${Math.floor((minutes % 1440) / 60)}/${minutes % 60}`;
}

function minutesOf(duration: string): number | undefined {
  const match = /^(\d{1,5})\/(\d{1,2})\/(\d{1,2})$/.exec(duration);
  return match ? Number(match[1]) * 1440 + Number(match[2]) * 60 + Number(match[3]) : undefined;
}

const CLOCK = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(:\d\d)?$/;

/** Whole minutes between two times of day; undefined where one is missing or the later comes first. */
function minutesBetween(entry: string | null, exit: string | null): number | undefined {
  if (!CLOCK.test(entry?.trim() ?? '') || !CLOCK.test(exit?.trim() ?? '')) return undefined;
  try {
    const [from, to] = [entry!, exit!].map((text) =>
      Temporal.PlainDateTime.from(text.trim().replace(' ', 'T')),
    );
    const seconds = from!.until(to!, { largestUnit: 'second' }).seconds;
    return seconds < 0 ? undefined : Math.floor(seconds / 60);
  } catch {
    return undefined;
  }
}

/** Western diagnoses (diag_type 1, or not said), the one flagged as main first. */
function diagnosesOf(node: Json): string {
  const western = nodes(node).filter(({ diag_type }) => isEmpty(diag_type) || diag_type === '1');
  const main = western.find(({ maindiag_flag }) => maindiag_flag === '1') ?? western[0];
  if (main === undefined) return '';
  const others = western.filter((diagnosis) => diagnosis !== main);
  // A main diagnosis without a code leaves its place empty: no other may take it.
  return [textOf(main.diag_code) ?? '', ...codesOf(others, 'diag_code')].join('|');
}

/** Procedures, those of type 1 (main) first. */
function proceduresOf(node: Json): string {
  const all = nodes(node);
  const isMain = ({ oprn_oprt_type }: JsonObject) => oprn_oprt_type === '1';
  const ordered = [...all.filter(isMain), ...all.filter((procedure) => !isMain(procedure))];
  return codesOf(ordered, 'oprn_oprt_code').join('|');
}

const codesOf = (objects: readonly JsonObject[], field: string): string[] =>
  objects.map((object) => textOf(object[field]) ?? '').filter((code) => code !== '');
