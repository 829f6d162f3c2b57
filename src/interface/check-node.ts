import type { Json, JsonObject } from '#claims/intake/index.ts';
import type { Text } from '#kernel/locale.ts';
import type { Fault } from './fault.ts';
import type { Field, Metadata, Node } from './metadata.ts';

/** A value as clients write it: nothing, null, "", and in header fields also "null" are all empty. */
const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Checks a message part against its description and gives it in one shape: a list is an array even where the client sent one
 * object, a single node is an object even where it sent an array of one. Unknown fields are kept and not looked at.
 * Numbers are expected as text (parseExactly); 12.5 and "12.5" are the same.
 */
export function checkNode(
  node: Node,
  value: Json | undefined,
  dictionaries: Metadata['dictionaries'],
  place = node.key,
): { readonly value: Json; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const fault = (reason: Text, shown?: string) =>
    faults.push({ node: place, ...(shown === undefined ? {} : { value: shown }), reason });
  if (isEmpty(value)) {
    if (node.isRequired) fault({ zh: '缺少该节点', en: 'the node is missing' });
    return { value: node.isList ? [] : {}, faults };
  }
  if (node.isList) {
    const rows = Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
    if (rows.length === 0 && node.isRequired) fault({ zh: '至少要有一行', en: 'at least one row is needed' });
    const checked = rows.map((row, index) => {
      const at = `${place}[${index + 1}]`;
      if (isObject(row)) return checkRow(node, row, dictionaries, at, faults);
      faults.push({ node: at, value: JSON.stringify(row), reason: NOT_AN_OBJECT });
      return row;
    });
    return { value: checked, faults };
  }
  const single = Array.isArray(value) && value.length === 1 ? (value[0] as Json) : (value as Json);
  if (!isObject(single)) {
    fault(NOT_AN_OBJECT, JSON.stringify(value));
    return { value: {}, faults };
  }
  return { value: checkRow(node, single, dictionaries, place, faults), faults };
}

const NOT_AN_OBJECT: Text = { zh: '应为 JSON 对象', en: 'a JSON object is expected' };

function checkRow(
  node: Node,
  given: JsonObject,
  dictionaries: Metadata['dictionaries'],
  place: string,
  faults: Fault[],
): JsonObject {
  let row = spelled(node, given);
  for (const field of node.fields) {
    let reason = checkField(field, row, dictionaries);
    if (reason === undefined) continue;
    const meant = otherForm(field, row[field.code]);
    if (meant !== undefined) {
      const mended = { ...row, [field.code]: meant };
      const stillWrong = checkField(field, mended, dictionaries);
      if (stillWrong === undefined) {
        row = mended;
        continue;
      }
      if (meant === '') reason = stillWrong;
    }
    const value = row[field.code];
    const shown = isEmpty(value) ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    faults.push({ node: place, field: field.code, name: field.name, value: shown, reason });
  }
  if (node.nodes.length === 0) return row;
  const inside: Record<string, Json> = {};
  for (const child of node.nodes) {
    if (isEmpty(row[child.key]) && !child.isRequired) continue;
    const at = place === '' ? child.key : `${place}.${child.key}`;
    const checked = checkNode(child, row[child.key], dictionaries, at);
    inside[child.key] = checked.value;
    faults.push(...checked.faults);
  }
  return { ...row, ...inside };
}

/** Names of a node's fields and nodes by their lower-case form; undefined for two that differ in nothing else. */
const spellings = new WeakMap<Node, ReadonlyMap<string, string | undefined>>();

/** Takes `Psn_No` or `PSNNAME` for the field that is called so but for its capitals; the right spelling comes first. */
export function spelled(node: Node, row: JsonObject): JsonObject {
  let known = spellings.get(node);
  if (known === undefined) {
    const names = [...node.fields.map(({ code }) => code), ...node.nodes.map(({ key }) => key)];
    const byLowerCase = Map.groupBy(names, (name) => name.toLowerCase());
    known = new Map(
      [...byLowerCase].map(([lower, [name, ...others]]) => [lower, others.length > 0 ? undefined : name]),
    );
    spellings.set(node, known);
  }
  let respelled: Record<string, Json> | undefined;
  for (const [key, value] of Object.entries(row)) {
    const name = known.get(key) === key ? key : known.get(key.toLowerCase());
    if (name === undefined || name === key || row[name] !== undefined) continue;
    respelled ??= { ...row };
    respelled[name] = value as Json;
    delete respelled[key];
  }
  return respelled ?? row;
}

/** Why a field is wrong; undefined when it is right. */
function checkField(field: Field, row: JsonObject, dictionaries: Metadata['dictionaries']): Text | undefined {
  const value = row[field.code];
  if (isEmpty(value)) return isRequired(field, row) ? REQUIRED : undefined;
  if (field.type === 'list')
    return Array.isArray(value) || isObject(value) || typeof value === 'string' ? undefined : NOT_PLAIN;
  if (field.type === 'object' || field.type === 'file') return undefined;
  if (typeof value === 'object') return NOT_PLAIN;
  const text = String(value);
  // what is sent as text for Oracle or a log must not carry what neither can hold
  if (text.includes('\u0000')) return { zh: '不能含有空字符', en: 'it must not hold a null character' };
  switch (field.type) {
    case 'number': {
      const reason = checkNumber(field, text);
      if (reason !== undefined) return reason;
      break;
    }
    case 'date':
    case 'datetime':
      if (!isTime(text)) {
        return field.type === 'date'
          ? { zh: '应为 yyyy-MM-dd 形式的有效日期', en: 'a date yyyy-MM-dd is expected' }
          : { zh: '应为 yyyy-MM-dd HH:mm:ss 形式的有效时间', en: 'a time yyyy-MM-dd HH:mm:ss is expected' };
      }
      break;
    case 'month':
      if (!/^[12]\d{3}(0[1-9]|1[0-2])$/.test(text)) {
        return { zh: '应为 yyyyMM 形式的年月', en: 'a month yyyyMM is expected' };
      }
      break;
    case 'flag':
      if (!/^(true|false|0|1)$/i.test(text))
        return { zh: '应为 true 或 false', en: 'true or false is expected' };
      break;
    case 'text':
      if (field.length !== undefined && [...text].length > field.length) {
        const length = [...text].length;
        return {
          zh: `最长${field.length}个字符，现有${length}个`,
          en: `at most ${field.length} characters, there are ${length}`,
        };
      }
  }
  if (field.dictionary === undefined) return undefined;
  const codes = dictionaries.get(field.dictionary);
  if (codes === undefined || codes.has(text)) return undefined;
  const known = [...codes.keys()].slice(0, 8).join('、');
  return {
    zh: `不在字典${field.dictionary}中（${known}）`,
    en: `not in dictionary ${field.dictionary} (${known})`,
  };
}

const REQUIRED: Text = { zh: '必填项为空', en: 'a value is required' };
const NOT_PLAIN: Text = { zh: '应为单个值', en: 'a single value is expected' };

function isRequired({ required }: Field, row: JsonObject): boolean {
  if (typeof required === 'string') return required === 'yes';
  const other = row[required.when];
  if (isEmpty(other)) return false;
  return required.values.length === 0 || required.values.includes(String(other));
}

function checkNumber({ length, decimals }: Field, text: string): Text | undefined {
  const [, whole, fraction = ''] = /^[-+]?(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) return { zh: '应为数字', en: 'a number is expected' };
  const places = fraction.replace(/0+$/, '').length;
  const digits = whole.replace(/^0+(?=\d)/, '').length;
  if (decimals !== undefined && places > decimals) {
    return { zh: `最多${decimals}位小数`, en: `at most ${decimals} decimals` };
  }
  if (length !== undefined && digits > length - (decimals ?? 0)) {
    const most = length - (decimals ?? 0);
    return { zh: `整数部分最多${most}位`, en: `at most ${most} digits before the point` };
  }
  return undefined;
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A date, or a date and a time; clients write either for both. */
function isTime(text: string): boolean {
  const match = TIME.exec(text);
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
  return year > 0 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
}

const BEIJING = '+08:00';
/** Slashes or points, hours without a leading zero: `2025/3/4 9:30:00` as .NET writes it where it is told nothing. */
const LOOSE_TIME =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?$/;
const DIGITS_OF_TIME = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/;
const TIME_WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[-+]\d{2}:?\d{2})$/;
/** Milliseconds since 1970, as Java writes a date that nobody gave a form, and as .NET writes one: `/Date(1741051800000+0800)/`. */
const MILLISECONDS = /^(\d{12,13})$|^\/Date\((\d{12,13})(?:[-+]\d{4})?\)\/$/;

/**
 * What a value means that is not written as the specification has it but can be read in one way only: dates of other languages
 * (with a zone they are moved to Beijing), numbers with an exponent. Undefined for anything else.
 */
function otherForm(field: Field, value: unknown): string | undefined {
  // a flag of a language that has truth values
  if (typeof value === 'boolean') return field.type === 'text' ? (value ? '1' : '0') : undefined;
  if (Array.isArray(value)) return field.type === 'text' ? undefined : timeOfParts(field, value);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  // the text that languages make of nothing; in a field that holds words it may be meant
  if (/^null$/i.test(text) && (field.type !== 'text' || field.dictionary !== undefined)) return '';
  if (field.type === 'number') return withoutExponent(text);
  if (field.type === 'month') {
    const [, year, month] = /^(\d{4})[-/](\d{1,2})$/.exec(text) ?? [];
    return month === undefined ? undefined : `${year}${month.padStart(2, '0')}`;
  }
  if (field.type !== 'date' && field.type !== 'datetime') return undefined;
  if (TIME_WITH_ZONE.test(text)) return inBeijing(() => Temporal.Instant.from(text));
  const milliseconds = MILLISECONDS.exec(text);
  if (milliseconds !== null) {
    const since1970 = Number(milliseconds[1] ?? milliseconds[2]);
    return inBeijing(() => Temporal.Instant.fromEpochMilliseconds(since1970));
  }
  const loose = LOOSE_TIME.exec(text);
  const [year, month, day, ...clock] =
    loose === null ? (DIGITS_OF_TIME.exec(text) ?? []).slice(1) : [loose[1], ...loose.slice(3)];
  if (year === undefined) return undefined;
  const two = (part: string | undefined) => (part ?? '0').padStart(2, '0');
  const date = `${year}-${two(month)}-${two(day)}`;
  return clock[0] === undefined ? date : `${date} ${clock.map(two).join(':')}`;
}

/** `[2025,3,4,9,30]`: dates of Java 8 as its JSON libraries write them unless told otherwise. Nanoseconds may follow the seconds. */
function timeOfParts(field: Field, parts: readonly unknown[]): string | undefined {
  if (field.type !== 'date' && field.type !== 'datetime') return undefined;
  const [year, ...others] = parts.slice(0, 6).map(String);
  const isTimeOfParts =
    [3, 5, 6, 7].includes(parts.length) &&
    /^\d{4}$/.test(year!) &&
    others.every((each) => /^\d{1,2}$/.test(each));
  if (!isTimeOfParts) return undefined;
  const [month, day, ...clock] = others.map((each) => each.padStart(2, '0'));
  return `${year}-${month}-${day}${clock.length === 0 ? '' : ` ${clock.join(':')}`}`;
}

function inBeijing(read: () => Temporal.Instant): string | undefined {
  try {
    const at = read().toZonedDateTimeISO(BEIJING).toPlainDateTime();
    return at.toString({ smallestUnit: 'second' }).replace('T', ' ');
  } catch {
    return undefined;
  }
}

const EXPONENT_MAX = 30;

/** `1E+2` is 100 and `0E-8` is 0: so decimal types of Java and Python print some of their values. */
function withoutExponent(text: string): string | undefined {
  const [, sign, whole, fraction = '', exponent] =
    /^([-+]?)(\d+)(?:\.(\d+))?[eE]([-+]?\d{1,3})$/.exec(text) ?? [];
  if (whole === undefined || Math.abs(Number(exponent)) > EXPONENT_MAX) return undefined;
  const places = Math.max(0, fraction.length - Number(exponent));
  const digits = `${whole}${fraction}${'0'.repeat(Math.max(0, Number(exponent) - fraction.length))}`.padStart(
    places + 1,
    '0',
  );
  const point = digits.length - places;
  return `${sign}${digits.slice(0, point)}${places === 0 ? '' : `.${digits.slice(point)}`}`;
}

/**
 * Gives an answer every field its description names: text that is missing is "", a number "0", a list []; a text that is too
 * long is cut. So every client finds what the specification promises.
 */
export function completeNode(node: Node, value: unknown): unknown {
  if (node.isList) {
    const rows = Array.isArray(value) ? value : isEmpty(value) ? [] : [value];
    return rows.map((row) => completeRow(node, row));
  }
  return completeRow(node, isEmpty(value) ? {} : value);
}

function completeRow(node: Node, value: unknown): unknown {
  const given = value as Readonly<Record<string, unknown>>;
  const row: Record<string, unknown> = { ...given };
  for (const field of node.fields) {
    const own = given[field.code];
    if (isEmpty(own)) row[field.code] = field.type === 'number' ? '0' : field.type === 'list' ? [] : '';
    else if (field.type === 'text' && typeof own === 'string' && field.length !== undefined) {
      row[field.code] = [...own].length > field.length ? [...own].slice(0, field.length).join('') : own;
    }
  }
  for (const child of node.nodes) row[child.key] = completeNode(child, given[child.key]);
  return row;
}
