import pg from 'pg';
// @ts-expect-error: a part of pg without types
import { prepareValue } from 'pg/lib/utils.js';

/** One statement with its values, as Kysely compiled it. */
export type Statement = { readonly sql: string; readonly parameters: readonly unknown[] };

/** Several statements sent at once; `ends`: and COMMIT after them. */
export class Together {
  readonly statements: readonly Statement[];
  readonly ends: boolean;
  constructor(statements: readonly Statement[], ends: boolean) {
    this.statements = statements;
    this.ends = ends;
  }
}

type Row = Record<string, unknown>;
type Result = { command: string; rowCount: number; rows: Row[] };
type Parser = (text: string) => unknown;

type Columns = readonly (readonly [string, Parser])[];

/** What a connection knows of a text it was sent before. */
type Prepared = {
  readonly name: string;
  /** whether the server has the plan; unsure after a batch that failed somewhere */
  there: 'no' | 'unsure' | 'yes';
  columns: Columns | undefined;
};

/** A statement on its way: `prepared` is undefined for a text the connection keeps no plan of. */
type Sent = Statement & {
  readonly prepared: Prepared | undefined;
  columns: Columns;
  readonly result: Result;
};

/** The parts of pg's connection that are used here. */
type Connection = {
  readonly stream: { readonly cork: () => void; readonly uncork: () => void };
  readonly parse: (statement: { readonly text: string; readonly name: string }) => void;
  readonly bind: (bound: { readonly statement: string; readonly values: readonly unknown[] }) => void;
  readonly close: (what: { readonly type: 'S'; readonly name: string }) => void;
  readonly describe: (what: { readonly type: 'P'; readonly name: string }) => void;
  readonly execute: (what: Readonly<Record<string, never>>) => void;
  readonly sync: () => void;
};

/** Texts a connection keeps a plan of; what comes after them is planned each time. */
const PREPARED_MAX = 300;

/**
 * Statements that travel to the server in one piece and whose answers come back in one piece: pg calls the methods of such an object
 * as the answers arrive. After the first that fails the server carries out none of the others.
 */
class Batch {
  readonly callback: (error: unknown, results?: readonly Result[]) => void;
  readonly #sent: readonly Sent[];
  readonly #parserOf: (type: number) => Parser;
  #at = 0;
  #error: unknown;

  constructor(sent: readonly Sent[], parserOf: (type: number) => Parser, callback: Batch['callback']) {
    this.#sent = sent;
    this.#parserOf = parserOf;
    this.callback = callback;
  }

  submit(connection: Connection): Error | null {
    let values: unknown[][];
    try {
      values = this.#sent.map(({ parameters }) => parameters.map((value) => prepareValue(value)));
    } catch (error) {
      return error as Error;
    }
    connection.stream.cork();
    const parsed = new Set<Prepared>();
    for (const [index, { sql, prepared }] of this.#sent.entries()) {
      const name = prepared?.name ?? '';
      if (prepared?.there === 'unsure' && !parsed.has(prepared)) connection.close({ type: 'S', name });
      if (prepared === undefined || (prepared.there !== 'yes' && !parsed.has(prepared))) {
        connection.parse({ text: sql, name });
      }
      if (prepared !== undefined) parsed.add(prepared);
      connection.bind({ statement: name, values: values[index]! });
      // the columns of a text do not change
      if (prepared?.columns === undefined) connection.describe({ type: 'P', name: '' });
      connection.execute({});
    }
    connection.sync();
    connection.stream.uncork();
    return null;
  }

  handleRowDescription({
    fields,
  }: {
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  }): void {
    this.#sent[this.#at]!.columns = fields.map(({ name, dataTypeID }) => [name, this.#parserOf(dataTypeID)]);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const { columns, result } = this.#sent[this.#at]!;
    const row: Row = {};
    try {
      for (const [index, [name, parse]] of columns.entries()) {
        const text = fields[index]!;
        row[name] = text === null ? null : parse(text);
      }
    } catch (error) {
      this.#error ??= error;
    }
    result.rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const { prepared, columns, result } = this.#sent[this.#at]!;
    const words = text.split(' ');
    result.command = words[0]!;
    result.rowCount = Number(words.at(-1)) || 0;
    if (prepared !== undefined) prepared.columns = columns;
    this.#at += 1;
  }

  handleEmptyQuery(): void {
    this.#at += 1;
  }

  handleReadyForQuery(): void {
    for (const { prepared } of this.#sent) if (prepared !== undefined) prepared.there = 'yes';
    if (this.#error !== undefined) this.handleError(this.#error);
    else
      this.callback(
        null,
        this.#sent.map(({ result }) => result),
      );
  }

  handleError(error: unknown): void {
    for (const { prepared } of this.#sent) if (prepared?.there === 'no') prepared.there = 'unsure';
    this.callback(error);
  }

  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {
    this.#error ??= new Error('COPY has no place in a batch');
  }
  handleCopyData(): void {}
}

/**
 * A connection that plans each text once and sends what belongs together at once: most of a short transaction would be planning
 * and waiting for one another. BEGIN is sent with the first statement of the transaction, COMMIT with the last ones where they say so.
 */
export class BatchClient extends pg.Client {
  readonly #prepared = new Map<string, Prepared>();
  #hasBegun = false;
  /** BEGIN was asked for and not sent yet */
  #isBeginWaiting = false;
  #wasCommitted = false;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // a server that goes away between two statements: the next one says so, and the pool lets the connection go
    this.on('error', () => {});
  }

  override query(...given: unknown[]): never {
    return this.#answer(given) as never;
  }

  #answer(given: readonly unknown[]): unknown {
    const [text, values] = given;
    if (text === 'begin') {
      [this.#isBeginWaiting, this.#wasCommitted, this.#hasBegun] = [true, false, true];
      return Promise.resolve(told('BEGIN'));
    }
    if (text === 'commit' && this.#hasBegun && (this.#isBeginWaiting || this.#wasCommitted)) {
      this.#forgetTransaction();
      return Promise.resolve(told('COMMIT'));
    }
    if (text === 'rollback' && this.#isBeginWaiting) {
      this.#forgetTransaction();
      return Promise.resolve(told('ROLLBACK'));
    }
    if (text === 'commit' || text === 'rollback') this.#forgetTransaction();
    if (typeof text === 'string' && Array.isArray(values) && values.length > 0) {
      const [first] = values;
      if (first instanceof Together) return this.#together(first);
      return this.#run([{ sql: text, parameters: values }]).then((results) => results.at(-1)!);
    }
    const send = () => (super.query as unknown as (...parts: unknown[]) => unknown).apply(this, [...given]);
    // what cannot be sent in a batch, such as a query of pg's own
    if (!this.#isBeginWaiting) return send();
    return this.#run([]).then(send);
  }

  #forgetTransaction(): void {
    [this.#isBeginWaiting, this.#wasCommitted, this.#hasBegun] = [false, false, false];
  }

  async #together({ statements, ends }: Together): Promise<Result> {
    const begins = this.#isBeginWaiting ? 1 : 0;
    const results = await this.#run(ends ? [...statements, COMMIT] : statements);
    if (ends && results.at(-1)!.command !== 'COMMIT') throw new Error('the transaction had failed before');
    if (ends) this.#wasCommitted = true;
    const rows = results.slice(begins, begins + statements.length).map((result) => result.rows);
    return { ...told('TOGETHER'), rows: rows as unknown as Row[] };
  }

  #run(statements: readonly Statement[]): Promise<readonly Result[]> {
    const all = this.#isBeginWaiting ? [BEGIN, ...statements] : statements;
    this.#isBeginWaiting = false;
    const sent = all.map((statement): Sent => {
      const prepared = this.#prepared.get(statement.sql) ?? this.#prepare(statement.sql);
      return { ...statement, prepared, columns: prepared?.columns ?? [], result: told('') };
    });
    return new Promise((resolve, reject) => {
      const callback = (error: unknown, results?: readonly Result[]) => {
        if (results !== undefined) return resolve(results);
        // the stack of whoever asked says more than that of the socket
        if (error instanceof Error) Error.captureStackTrace(error);
        reject(error);
      };
      const parserOf = (type: number) => this.getTypeParser(type, 'text') as Parser;
      const batch = new Batch(sent, parserOf, callback);
      (super.query as unknown as (batch: Batch) => void).call(this, batch);
    });
  }

  #prepare(text: string): Prepared | undefined {
    if (this.#prepared.size >= PREPARED_MAX) return undefined;
    const prepared: Prepared = { name: `s${this.#prepared.size + 1}`, there: 'no', columns: undefined };
    this.#prepared.set(text, prepared);
    return prepared;
  }
}

const BEGIN: Statement = { sql: 'BEGIN', parameters: [] };
const COMMIT: Statement = { sql: 'COMMIT', parameters: [] };
const told = (command: string): Result => ({ command, rowCount: 0, rows: [] });
