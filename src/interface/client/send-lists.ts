import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ListMessage } from '#claims/quality/index.ts';
import { timeText } from '../envelope.ts';
import type { Node } from '../metadata.ts';
import { loadMetadata } from '../metadata.ts';
import { type ClientAnswer, type ClientKeys, openAnswer, signRequest } from './sign-request.ts';

export type SendOptions = {
  /** of the service, with or without a path */
  readonly url: string;
  readonly keys: ClientKeys;
  readonly areaCode: string;
  /** requests under way at once */
  readonly concurrency: number;
  /** lists a second; undefined: as fast as it goes */
  readonly rate?: number | undefined;
  /** 4102 to state 1 after each upload */
  readonly submit: boolean;
  /** seconds to go on trying while the service cannot be reached */
  readonly patience: number;
};

/** What became of one list. */
export type ListResult = {
  readonly setlId: string;
  readonly fixmedinsCode: string;
  readonly file: string;
  readonly row: number;
  readonly outcome: 'taken' | 'submitted' | 'refused';
  readonly setlListId: string;
  readonly reason: string;
  /** from the first request to the last answer, with repetitions */
  readonly milliseconds: number;
};

/** The service did not answer for as long as we were patient. */
export class Unreachable extends Error {}

const PATH = '/fsi/api/rsfComIfsService/callService';
const PAUSE_MILLISECONDS = { first: 100, most: 5000 } as const;

/**
 * Sends lists as 4101A and, if asked, submits them, several at once. A message keeps its msgid however often it is sent, in
 * this run and in the next, so that the service takes each list once. `onResult` is called for each list when it is decided.
 * @throws Unreachable when the service stays away; what was decided has been told by then
 */
export async function sendLists(
  messages: AsyncIterable<readonly ListMessage[]>,
  options: SendOptions,
  onResult: (result: ListResult) => void,
): Promise<void> {
  const queue = oneByOne(messages);
  const started = performance.now();
  let begun = 0;
  let failure: unknown;
  const worker = async () => {
    while (failure === undefined) {
      const next = await queue.next();
      if (next.done) return;
      if (options.rate !== undefined) {
        const due = started + (begun * 1000) / options.rate;
        begun += 1;
        const early = due - performance.now();
        if (early > 0) await wait(early);
      }
      try {
        onResult(await sendList(next.value, options));
      } catch (error) {
        failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  if (failure !== undefined) throw failure;
}

/** An async generator answers one `next` after the other, so that many workers can share it. */
async function* oneByOne(messages: AsyncIterable<readonly ListMessage[]>): AsyncGenerator<ListMessage> {
  for await (const some of messages) yield* some;
}

async function sendList(list: ListMessage, options: SendOptions): Promise<ListResult> {
  const started = performance.now();
  const { fixmedinsCode, setlId, file, row } = list;
  const input = nationalForm(list.input);
  const { setlinfo } = input as { setlinfo: Record<string, unknown> };
  const uploaded = await call('4101A', fixmedinsCode, input, options);
  const result = { setlId, fixmedinsCode, file, row, setlListId: '', reason: '' };
  const milliseconds = () => Math.round(performance.now() - started);
  if (uploaded.infcode !== 0) {
    return { ...result, outcome: 'refused', reason: uploaded.err_msg, milliseconds: milliseconds() };
  }
  const setlListId = String(uploaded.output.data?.setl_list_id ?? '');
  if (!options.submit) return { ...result, outcome: 'taken', setlListId, milliseconds: milliseconds() };
  const data = { psn_no: setlinfo.psn_no, setl_id: setlId, stas_type: '1', setl_list_id: setlListId };
  const submitted = await call('4102', fixmedinsCode, { data }, options);
  const outcome = submitted.infcode === 0 ? 'submitted' : 'taken';
  return { ...result, outcome, setlListId, reason: submitted.err_msg, milliseconds: milliseconds() };
}

/** The same message always has the same id: what was done once is answered, not done again. */
const messageId = (infno: string, fixmedinsCode: string, input: object): string =>
  createHash('sha256')
    .update(`${infno} ${fixmedinsCode} ${JSON.stringify(input)}`)
    .digest('hex')
    .slice(0, 30);

async function call(
  infno: string,
  fixmedinsCode: string,
  input: object,
  { url, keys, areaCode, patience }: SendOptions,
): Promise<ClientAnswer> {
  const address = new URL(url);
  if (address.pathname === '/') address.pathname = PATH;
  const msgid = messageId(infno, fixmedinsCode, input);
  const until = performance.now() + patience * 1000;
  for (let pause: number = PAUSE_MILLISECONDS.first; ; pause = Math.min(pause * 2, PAUSE_MILLISECONDS.most)) {
    const now = Temporal.Now.instant();
    const message = {
      infno,
      msgid,
      mdtrtarea_admvs: areaCode,
      insuplc_admdvs: '',
      recer_sys_code: 'YIBAO',
      infver: 'V1.0',
      opter_type: '1',
      opter: 'yibao-send',
      opter_name: 'yibao hospital send',
      inf_time: timeText(now),
      fixmedins_code: fixmedinsCode,
      fixmedins_name: fixmedinsCode,
      input,
    };
    const { headers, body } = signRequest(infno, message, keys, now);
    let trouble: string;
    try {
      const response = await fetch(address, { method: 'POST', headers, body });
      const text = await response.text();
      const answer = openAnswer(text, keys);
      if (answer !== undefined) return { ...answer, infcode: Number(answer.infcode) };
      // a gateway's refusal: it will not change by asking again
      if (response.status < 500 && response.status !== 429) {
        return { infcode: -1, err_msg: gatewayMessage(text, response.status), output: {} };
      }
      trouble = `HTTP ${response.status}`;
    } catch (error) {
      trouble = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
    if (performance.now() + pause > until) throw new Unreachable(trouble);
    await wait(pause);
  }
}

function gatewayMessage(text: string, status: number): string {
  try {
    const { message } = JSON.parse(text) as { message?: string };
    if (typeof message === 'string') return message;
  } catch {
    // not of a gateway
  }
  return `HTTP ${status} ${text.slice(0, 80)}`;
}

const FORM = loadMetadata().forms.get('4101A')!.input;
/** What the rules for filling in a list put where there is nothing to say. */
const NOTHING_TO_SAY = '-';

/** Never made up: a list without one is refused. */
const IDENTITIES = new Set([
  'setl_id',
  'psn_no',
  'diag_code',
  'oprn_oprt_code',
  'maindiag_flag',
  'diag_type',
]);

/**
 * A list as the interface wants it. Times are written yyyy-MM-dd HH:mm:ss; a required text that the files do not have is `-`,
 * as the rules for filling in a settlement list say; the person of an older edition is known by `hi_no`.
 */
export function nationalForm(list: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const input: Record<string, unknown> = { ...list };
  for (const node of FORM.nodes) {
    const value = input[node.key];
    if (value === undefined) continue;
    input[node.key] = Array.isArray(value)
      ? value.map((row) => nationalRow(node, row as Record<string, unknown>))
      : nationalRow(node, value as Record<string, unknown>);
  }
  return input;
}

function nationalRow(node: Node, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const written: Record<string, unknown> = { ...row };
  if (node.key === 'setlinfo') {
    written.psn_no ??= row.hi_no;
    written.mdtrt_id ??= row.setl_id;
  }
  if (node.key === 'diseinfo') written.diag_type ??= '1';
  for (const { code, type, required } of node.fields) {
    const value = written[code];
    if ((type === 'date' || type === 'datetime') && typeof value === 'string')
      written[code] = writtenTime(value);
    if (
      type === 'text' &&
      required === 'yes' &&
      !IDENTITIES.has(code) &&
      (value === undefined || value === '')
    ) {
      written[code] = NOTHING_TO_SAY;
    }
  }
  return written;
}

/** `2025/3/1 8:05` and `20250301` as `2025-03-01 08:05:00` and `2025-03-01`; anything else as it is. */
function writtenTime(value: string): string {
  const match =
    /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]*(\d{1,2}):?(\d{2})(?::?(\d{2}))?(?:\.\d+)?)?$/.exec(
      value.trim(),
    );
  if (match === null) return value;
  const two = (text: string | undefined) => (text ?? '0').padStart(2, '0');
  const [, year, month1, day1, month2, day2, hour, minute, second] = match;
  const date = `${year}-${two(month1 ?? month2)}-${two(day1 ?? day2)}`;
  return hour === undefined ? date : `${date} ${two(hour)}:${two(minute)}:${two(second)}`;
}
