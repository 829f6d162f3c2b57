import { type RawBuilder, sql } from 'kysely';
import type { Json, JsonObject } from '#claims/intake/index.ts';
import type { Numbered } from '#engine/postgres/readings.ts';
import {
  type Store,
  type StoreTransaction,
  together,
  togetherAtEnd,
  transaction,
} from '#engine/postgres/store.ts';
import type { Language } from '#kernel/locale.ts';
import { checkNode, completeNode } from './check-node.ts';
import { Desk, type Outcome } from './desk.ts';
import { answerOf, bodyHash, type Header, type Message } from './envelope.ts';
import { errorMessage, type Fault, Refusal, refuse } from './fault.ts';
import { type Institution, rowVersionOf } from './institutions.ts';
import { keepAnswers, messageLocks, type StoredMessage, storedMessages } from './messages.ts';
import { loadMetadata, type Metadata, type TransactionForm } from './metadata.ts';

/** A file that came beside the message (9101). */
export type AttachedFile = { readonly filename: string; readonly content: Buffer; readonly sha256: string };

/** What a handler is given. Everything it writes through `db` is kept together with its answer, or not at all. */
export type Call = {
  readonly db: StoreTransaction;
  readonly header: Header;
  readonly input: JsonObject;
  readonly institution: Institution;
  readonly now: Temporal.Instant;
  readonly file: AttachedFile | undefined;
  readonly metadata: Metadata;
  /** the rows of the statements of the handler's opening */
  readonly opened: readonly (readonly unknown[])[];
  /** leaves something to be written with the storing of the answer, by one statement for all that is left to the writer */
  readonly atEnd: AtEnd;
};

/** The statement that writes all of these; nobody needs its rows. */
export type Writer<Item> = (items: readonly Item[]) => RawBuilder<unknown>;
export type AtEnd = <Item>(writer: Writer<Item>, item: Item) => void;

/** Bytes in the place of an answer (9102). */
export type Download = { readonly download: { readonly filename: string; readonly content: Buffer } };

/**
 * A refusal of which what was written stays (2601 of a message that never came). It is no answer to be kept: the message that
 * comes again is refused again.
 */
export type RefusalWithTrace = { readonly refusal: Refusal };

export type Handler = {
  (call: Call): Promise<Readonly<Record<string, unknown>> | readonly unknown[] | Download | RefusalWithTrace>;
  /**
   * Statements that need nothing but the messages: they travel with their claim, and each row says whose it is. A message that was
   * carried out before undoes them.
   */
  readonly opening?: (calls: readonly Given[]) => readonly RawBuilder<Numbered<unknown>>[];
  /**
   * What a message touches, by what was opened for it. Only for a handler whose opening only reads and locks, that reads nothing else,
   * and that leaves all it writes to `atEnd`: messages that wait for it are carried out together, but for those that touch the same.
   */
  readonly touches?: (opened: Call['opened']) => readonly string[];
};

type Given = Pick<Call, 'header' | 'input' | 'institution' | 'now'>;

/** A handler with its opening. */
export const opened = (
  opening: NonNullable<Handler['opening']>,
  handler: Handler,
  touches?: Handler['touches'],
): Handler =>
  Object.assign((call: Call) => handler(call), { opening, ...(touches === undefined ? {} : { touches }) });

/** Modules register what they implement as a plain map: number → handler. */
export type Transactions = Readonly<Record<string, Handler>>;

export type Dispatcher = {
  readonly store: Store;
  readonly transactions: Transactions;
  readonly metadataOf: (overlay: string) => Metadata;
  readonly clock: () => Temporal.Instant;
  /** by code, as last read; each message makes sure that nothing has changed since */
  readonly institutions: Map<string, Institution>;
  /** of the handlers whose messages are carried out together */
  readonly desks: Map<Handler, Desk<Ready, Reply>>;
};

export function createDispatcher(
  store: Store,
  transactions: Transactions,
  clock: () => Temporal.Instant = () => Temporal.Now.instant(),
): Dispatcher {
  const loaded = new Map<string, Metadata>();
  const metadataOf = (overlay: string): Metadata => {
    const known = loaded.get(overlay) ?? loadMetadata(overlay);
    loaded.set(overlay, known);
    return known;
  };
  return { store, transactions, metadataOf, clock, institutions: new Map(), desks: new Map() };
}

/** The text of an answer in the national form, or a file. */
export type Reply = { readonly text: string } | Download;

const NEEDS_NO_SIGN_IN = new Set(['9001']);
/** Answers that are files are not kept: the file itself is. */
const IS_NOT_KEPT = new Set(['9102']);

/** Ends the transaction of a message without keeping anything of it. */
class WithoutTrace extends Error {
  /** undefined: the institution is no longer what it was when it was read */
  readonly reply: Reply | undefined;
  constructor(reply: Reply | undefined) {
    super();
    this.reply = reply;
  }
}

/** A message whose form was read, ready to be carried out. */
type Ready = {
  readonly handler: Handler;
  readonly given: Given;
  readonly faults: readonly Fault[];
  readonly needsSignIn: boolean;
  readonly sha256: string;
  readonly file: AttachedFile | undefined;
  readonly metadata: Metadata;
  readonly form: TransactionForm;
  readonly answer: (outcome: { readonly output: unknown } | { readonly error: string }) => string;
  readonly language: Language;
};

/**
 * Carries out one message of an institution whose right to send it has been proven. A message that comes again with the same
 * input gets the stored answer; the same msgid with another input is refused. What a transaction wrote, the message and its
 * answer are one database transaction: after a crash all of it is there or nothing. Source: interface.md §1.8.
 * @returns undefined, and nothing was done, when the institution was changed since it was read
 */
export async function dispatch(
  dispatcher: Dispatcher,
  institution: Institution,
  message: Message,
  options: {
    readonly file?: AttachedFile | undefined;
    readonly language: Language;
    readonly receivedAt: Temporal.Instant;
  },
): Promise<Reply | undefined> {
  const { store, transactions, metadataOf, clock, desks } = dispatcher;
  const { header } = message;
  const { receivedAt, language, file } = options;
  const answer: Ready['answer'] = (outcome) =>
    JSON.stringify(answerOf(outcome, institution.area_code, receivedAt, clock()));
  try {
    const metadata = metadataOf(institution.overlay);
    const handler = handlerOf(transactions, metadata, header.infno);
    const form = formOf(metadata, message);
    const { value, faults } = checkNode(
      form.input,
      withAttachment(message.input, file),
      metadata.dictionaries,
    );
    const ready: Ready = {
      handler,
      given: { header, input: value as JsonObject, institution, now: receivedAt },
      faults,
      needsSignIn: institution.is_sign_in_required && !NEEDS_NO_SIGN_IN.has(header.infno),
      sha256: bodyHash(message, file),
      file,
      metadata,
      form,
      answer,
      language,
    };
    if (handler.touches !== undefined && faults.length === 0) {
      const desk = desks.get(handler) ?? new Desk((all: readonly Ready[]) => carryOutTogether(store, all));
      desks.set(handler, desk);
      return await desk.handle(ready);
    }
    const [outcome] = await carryOutTogether(store, [ready]);
    return (outcome as { readonly result: Reply }).result;
  } catch (error) {
    if (error instanceof WithoutTrace) return error.reply;
    if (error instanceof Refusal || isDataError(error)) {
      // what was known of the institution may be why
      if (!(await isUnchanged(store, institution))) return undefined;
      if (error instanceof Refusal) return { text: answer({ error: errorMessage(error.faults, language) }) };
      const text =
        language === 'zh' ? '报文中有无法保存的值' : 'the message holds a value that cannot be kept';
      return { text: answer({ error: text }) };
    }
    throw error;
  }
}

/** Carries out messages of one handler in one transaction. What one is refused for is no matter of the others. */
async function carryOutTogether(store: Store, all: readonly Ready[]): Promise<readonly Outcome<Reply>[]> {
  return transaction(store, async (db) => {
    const { handler, faults } = all[0]!;
    const isShared = handler.touches !== undefined && faults.length === 0;
    const given = all.map((ready) => ready.given);
    const [, stored, ...openedRows] = await together(db, [
      messageLocks(given.map(({ header }) => header)),
      storedMessages(all.map(({ given: { header }, needsSignIn }) => ({ header, needsSignIn }))),
      ...(faults.length > 0 ? [] : (handler.opening?.(given) ?? [])),
    ]);
    const touched = new Set<string>();
    const written = leftAtEnd();
    const outcomes: Outcome<Reply>[] = [];
    for (const [index, ready] of all.entries()) {
      const isOwn = ({ n }: Numbered<unknown>) => n === index + 1;
      const rows = openedRows.map((each) => each.filter(isOwn));
      const { fixmedins_code, msgid } = ready.given.header;
      const touches = [`${fixmedins_code} ${msgid}`, ...(isShared ? handler.touches!(rows) : [])];
      if (touches.some((each) => touched.has(each))) {
        outcomes.push('again');
        continue;
      }
      for (const each of touches) touched.add(each);
      try {
        refuseClaim(ready, stored.find(isOwn)!);
        const left: (() => void)[] = [];
        const atEnd: AtEnd = (writer, item) => left.push(() => written.add(writer, item));
        outcomes.push({ result: await replyOf(ready, db, rows, atEnd) });
        for (const leave of left) leave();
      } catch (error) {
        // nothing was written for it yet, where others may go on without it
        if (!isShared || !(error instanceof Refusal || error instanceof WithoutTrace)) throw error;
        outcomes.push({ error });
      }
    }
    await togetherAtEnd(db, written.statements());
    return outcomes;
  });
}

/** @throws Refusal or WithoutTrace where the message is not to be carried out */
function refuseClaim(
  { given: { header, institution }, sha256, faults }: Ready,
  { row_version, may_send, body_sha256, answer, reversed_by }: StoredMessage,
): void {
  if (row_version !== institution.row_version) throw new WithoutTrace(undefined);
  // what was answered once is answered so for ever, whatever has changed since: nobody signed in, other rules for the fields
  if (answer !== null && body_sha256 === sha256) throw new WithoutTrace({ text: answer });
  if (answer !== null) throw usedBefore(header);
  if (reversed_by !== null) throw reversedBefore(header, reversed_by);
  if (!may_send) throw notSignedIn(header);
  if (faults.length > 0) throw new Refusal(...faults);
}

async function replyOf(
  { handler, given, file, metadata, form, answer, sha256, language }: Ready,
  db: StoreTransaction,
  rows: Call['opened'],
  atEnd: AtEnd,
): Promise<Reply> {
  const result = await handler({ ...given, db, file, metadata, opened: rows, atEnd });
  if ('refusal' in result && result.refusal instanceof Refusal) {
    return { text: answer({ error: errorMessage(result.refusal.faults, language) }) };
  }
  if ('download' in result) return result as Download;
  const text = answer({ output: completeNode(form.output, result) });
  if (!IS_NOT_KEPT.has(given.header.infno)) {
    const kept = { message: given.header, bodySha256: sha256, answer: text, receivedAt: given.now };
    atEnd(keepAnswers, kept);
  }
  return { text };
}

/** What was left to be written, by writer in the order of their first. */
function leftAtEnd(): { readonly add: AtEnd; readonly statements: () => readonly RawBuilder<unknown>[] } {
  const items = new Map<Writer<never>, unknown[]>();
  return {
    add: (writer, item) => {
      const known = items.get(writer);
      if (known === undefined) items.set(writer, [item]);
      else known.push(item);
    },
    statements: () => [...items].map(([writer, all]) => writer(all as never[])),
  };
}

/**
 * Carries out a handler inside a transaction that goes on, as if a message had asked for it: its opening, itself, and what it
 * leaves for the end. No message and no answer is kept.
 */
export async function carryOut(
  handler: Handler,
  given: Omit<Call, 'opened' | 'atEnd'>,
): Promise<Awaited<ReturnType<Handler>>> {
  const rows = handler.opening ? await together(given.db, handler.opening([given])) : [];
  const written = leftAtEnd();
  const result = await handler({ ...given, opened: rows, atEnd: written.add });
  await together(given.db, written.statements());
  return result;
}

async function isUnchanged(store: Store, { fixmedins_code, row_version }: Institution): Promise<boolean> {
  const { rows } = await sql<{
    row_version: string | null;
  }>`SELECT ${rowVersionOf(fixmedins_code)} AS row_version`.execute(store);
  return rows[0]?.row_version === row_version;
}

/** PostgreSQL's class 22: a value that its type cannot hold, which no description forbade. */
const isDataError = (error: unknown): boolean => /^22/.test(String((error as { code?: unknown }).code ?? ''));

/** A file that came as a part of its own stands for the field that would hold its bytes. */
function withAttachment(input: JsonObject, file: AttachedFile | undefined): JsonObject {
  const { fsUploadIn } = input;
  if (
    file === undefined ||
    typeof fsUploadIn !== 'object' ||
    fsUploadIn === null ||
    Array.isArray(fsUploadIn)
  ) {
    return input;
  }
  return { ...input, fsUploadIn: { filename: file.filename, ...fsUploadIn, in: 'file' } };
}

/** @throws Refusal for a number that is not of the interface, or that nobody implements */
function handlerOf(transactions: Transactions, metadata: Metadata, infno: string): Handler {
  const name = metadata.transactions.get(infno);
  const place = { field: 'infno', name: '交易编号', value: infno };
  if (name === undefined)
    throw refuse('接口规范中没有该交易', 'the interface has no such transaction', place);
  if (!Object.hasOwn(transactions, infno)) {
    throw refuse(
      `本平台未提供交易${infno}（${name.zh}）`,
      `transaction ${infno} (${name.en}) is not provided here`,
      place,
    );
  }
  return transactions[infno]!;
}

const EMPTY_FORM: TransactionForm = {
  input: { key: '', name: '', isList: false, isRequired: false, fields: [], nodes: [] },
  output: { key: '', name: '', isList: false, isRequired: false, fields: [], nodes: [] },
};

/** The description a message is checked against. 4101 exists in two editions, told apart by what only the older one has. */
export function formOf(
  metadata: Metadata,
  { header, input }: Pick<Message, 'input'> & { header: { infno: string } },
): TransactionForm {
  const number = header.infno === '4101' && isOlderEdition(input) ? '4101-2021' : header.infno;
  return metadata.forms.get(number) ?? EMPTY_FORM;
}

/** The list of 2021 carries the person, the institution and the charges; the later one leaves them to the settlement. */
export function isOlderEdition({ setlinfo, iteminfo }: JsonObject): boolean {
  const info = (Array.isArray(setlinfo) ? setlinfo[0] : setlinfo) as Json | undefined;
  if (typeof info !== 'object' || info === null) return false;
  const has = (name: string) => (info as JsonObject)[name] !== undefined;
  return !has('psn_no') && (iteminfo !== undefined || has('certno') || has('psn_name'));
}

const usedBefore = ({ msgid }: Header) =>
  refuse('msgid 重复：该报文ID已用于内容不同的报文', 'msgid 重复: it was used for another message', {
    field: 'msgid',
    name: '发送方报文ID',
    value: msgid,
  });

const reversedBefore = ({ msgid }: Header, by: string) =>
  refuse(
    `该报文已先由2601（msgid ${by}）冲正，不再执行；需要办理请换一个msgid重发`,
    `2601 (msgid ${by}) reversed the message before it came: it is not carried out; send it under another msgid`,
    { field: 'msgid', name: '发送方报文ID', value: msgid },
  );

const notSignedIn = ({ sign_no }: Header) =>
  refuse('未签到或已签退，请先以9001签到', 'not signed in, or signed out: sign in with 9001 first', {
    field: 'sign_no',
    name: '交易签到流水号',
    value: sign_no,
  });
