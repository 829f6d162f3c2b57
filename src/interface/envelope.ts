import { hash } from 'node:crypto';
import { type Json, type JsonObject, parseExactly } from '#claims/intake/index.ts';
import { checkNode, spelled } from './check-node.ts';
import { type Fault, refuse } from './fault.ts';
import type { Metadata } from './metadata.ts';

/** The header of a message: what stands beside `input`. Empty fields are ''. */
export type Header = {
  readonly infno: string;
  readonly msgid: string;
  readonly mdtrtarea_admvs: string;
  readonly insuplc_admdvs: string;
  readonly opter: string;
  readonly opter_name: string;
  readonly inf_time: string;
  readonly fixmedins_code: string;
  readonly fixmedins_name: string;
  readonly sign_no: string;
};

export type Message = { readonly header: Header; readonly input: JsonObject };

/** The answer every transaction has, in the order of the specification. */
export type Answer = {
  /** a JSON number: 0 success, -1 failure */
  readonly infcode: 0 | -1;
  readonly inf_refmsgid: string;
  readonly refmsg_time: string;
  readonly respond_time: string;
  readonly err_msg: string;
  readonly output: unknown;
  readonly warn_msg: string;
  readonly cainfo: string;
  readonly signtype: string;
};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NESTED_MAX = 32;

/**
 * Reads the bytes of a message as JSON whose numbers stay the text they are written in. Messages are UTF-8 whatever they say of
 * themselves; only what is not, and says to be of another encoding, is read in that one. A form holds the message in its field
 * `jsonStr`, as its only text, or field by field.
 * @throws Refusal when it is not UTF-8, not JSON, not an object, or nested too deeply
 */
export function readBody(bytes: Uint8Array, contentType = ''): JsonObject {
  const text = textOf(bytes, contentType);
  if (FORM_TYPE.test(contentType) && !/^\s*[{["]/.test(text) && text.trim() !== '')
    return readForm(text, contentType);
  return readJsonObject(text, '报文', 'the message');
}

const FORM_TYPE = /^\s*application\/x-www-form-urlencoded/i;

function readForm(text: string, contentType: string): JsonObject {
  const decode = (part: string): string => {
    // what stands between the signs is text already; a sign stands for one byte
    const bytes = Buffer.from(part.replaceAll('+', ' '), 'utf8');
    const plain = bytes
      .toString('latin1')
      .replace(/%[0-9a-f]{2}/gi, (sign) => String.fromCharCode(Number.parseInt(sign.slice(1), 16)));
    return textOf(Buffer.from(plain, 'latin1'), contentType);
  };
  const pairs = text
    .trim()
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at === -1
        ? (['', decode(pair)] as const)
        : ([decode(pair.slice(0, at)), decode(pair.slice(at + 1))] as const);
    });
  const whole = pairs.find(([name]) => name === 'jsonStr') ?? (pairs.length === 1 ? pairs[0]! : undefined);
  if (whole !== undefined && (whole[0] === 'jsonStr' || /^\s*\{/.test(whole[1])))
    return readJsonObject(whole[1], '报文', 'the message');
  const fields = Object.fromEntries(pairs.filter(([name]) => name !== ''));
  if (fields.infno === undefined) throw refuse('报文不是有效的 JSON', 'the message is not valid JSON');
  return fields;
}

/** Never throws for an empty message. @throws Refusal for bytes that are of no encoding the message may be in */
function textOf(bytes: Uint8Array, contentType: string): string {
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  const utf8 = mark === undefined ? decoded(bytes, 'utf-8') : undefined;
  const isWide = utf8?.includes('\0') === true && /utf-16/i.test(charsetOf(contentType) ?? '');
  const text = isWide
    ? decoded(bytes, charsetOf(contentType))
    : (utf8 ?? decoded(bytes, mark ?? charsetOf(contentType)));
  if (text === undefined) throw refuse('报文不是 UTF-8 编码', 'the message is not UTF-8');
  return text;
}

const charsetOf = (contentType: string): string | undefined =>
  /;\s*charset\s*=\s*["']?([\w-]+)/i.exec(contentType)?.[1];

function decoded(bytes: Uint8Array, encoding: string | undefined): string | undefined {
  if (encoding === undefined) return undefined;
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function readJsonObject(text: string, zh: string, en: string): JsonObject {
  if (text.trim() === '') throw refuse(`${zh}为空`, `${en} is empty`);
  let value: Json;
  try {
    value = parseExactly(text);
  } catch {
    throw refuse(`${zh}不是有效的 JSON`, `${en} is not valid JSON`);
  }
  // written as JSON twice: a text that holds the message
  if (typeof value === 'string' && /^\s*\{/.test(value)) return readJsonObject(value, zh, en);
  if (!isObject(value)) throw refuse(`${zh}应为 JSON 对象`, `${en} must be a JSON object`);
  if (isDeeper(value, NESTED_MAX)) {
    throw refuse(`${zh}嵌套超过${NESTED_MAX}层`, `${en} is nested more than ${NESTED_MAX} levels`);
  }
  // what no database and no log can hold; both can only be there as an escape
  if (/\\u(0000|d[89a-f])/i.test(text) && !isStorable(value)) {
    throw refuse(`${zh}含有空字符或不成对的代理字符`, `${en} holds a null character or half a character`);
  }
  return value;
}

const isStorable = (value: Json): boolean =>
  typeof value === 'string'
    ? !value.includes('\0') && value.isWellFormed()
    : typeof value !== 'object' ||
      value === null ||
      Object.entries(value).every(([key, each]) => isStorable(key) && isStorable(each as Json));

const isDeeper = (value: Json, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((each) => isDeeper(each as Json, levels - 1));
};

/**
 * The header and input of a message. What clients do is taken as meant: "null" and "NULL" are empty in header fields, `input`
 * may be an object or a JSON text, a number stands for its text, unknown fields are ignored. Source: interface.md §1.1, §1.8.
 */
export function readMessage(
  given: JsonObject,
  metadata: Metadata,
): { readonly header: Header; readonly input: JsonObject; readonly faults: readonly Fault[] } {
  const fields = metadata.forms.get('header')!.input;
  const body = spelled(fields, given);
  const header: Record<string, string> = {};
  for (const { code } of fields.fields) {
    const value = body[code];
    const text =
      value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    header[code] = /^null$/i.test(text.trim()) ? '' : text.trim();
  }
  const { faults } = checkNode(fields, header, metadata.dictionaries);
  const input = inputOf(body);
  return { header: header as unknown as Header, input, faults };
}

/** @throws Refusal when the input is neither an object nor the text of one */
function inputOf(body: JsonObject): JsonObject {
  const { input = body.Input ?? body.INPUT } = body;
  if (input === undefined || input === null || input === '') return {};
  if (isObject(input)) return input;
  if (typeof input === 'string') {
    const object = readJsonObject(input, '节点input', 'node input');
    // some clients wrap the whole `{"input": {…}}` into the text
    return isObject(object.input) && Object.keys(object).length === 1 ? object.input : object;
  }
  throw refuse('节点input应为 JSON 对象', 'node input must be a JSON object');
}

/** JSON with sorted keys: the same content gives the same text, whatever the client's order and blanks. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** What tells two messages with one msgid apart: who is insured where, the input, and the bytes of an attached file. */
export function bodyHash({ header, input }: Message, file?: { readonly sha256: string }): string {
  const text = canonicalJson({ area: header.insuplc_admdvs, input, file: file?.sha256 ?? '' });
  return hash('sha256', text);
}

let answersGiven = 0;
const SERIAL_OF_PROCESS = String(process.pid % 1000).padStart(3, '0');

/** Times as the interface writes them, always Beijing time. */
export const timeText = (at: Temporal.Instant): string =>
  at.toZonedDateTimeISO('+08:00').toPlainDateTime().round('second').toString().replace('T', ' ');
const digits17 = (at: Temporal.Instant): string =>
  at.toString({ timeZone: '+08:00', fractionalSecondDigits: 3 }).slice(0, 23).replaceAll(/\D/g, '');

/** Area 6, time 14, serial 10 (milliseconds, process, count): 30 characters, different for every answer. */
function referenceOf(areaCode: string, digits: string): string {
  answersGiven = (answersGiven + 1) % 10_000;
  const serial = `${digits.slice(14)}${SERIAL_OF_PROCESS}${String(answersGiven).padStart(4, '0')}`;
  return `${areaCode.slice(0, 6).padStart(6, '0')}${digits.slice(0, 14)}${serial}`;
}

export function answerOf(
  outcome: { readonly output: unknown } | { readonly error: string },
  areaCode: string,
  receivedAt: Temporal.Instant,
  respondAt: Temporal.Instant,
): Answer {
  const received = digits17(receivedAt);
  const isFailure = 'error' in outcome;
  return {
    infcode: isFailure ? -1 : 0,
    inf_refmsgid: referenceOf(areaCode, received),
    refmsg_time: received,
    respond_time: digits17(respondAt),
    err_msg: isFailure ? outcome.error : '',
    output: isFailure ? {} : outcome.output,
    warn_msg: '',
    cainfo: '',
    signtype: '',
  };
}
