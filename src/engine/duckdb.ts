import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** A value of a row as the engine hands it over: BIGINT and HUGEINT are bigint, text is string. */
export type Cell = string | number | bigint | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

export type EngineOptions = {
  /** Memory DuckDB may use before it spills to disk, in MiB. */
  readonly memoryLimitMib?: number;
  readonly threads?: number;
};

/** One embedded DuckDB with its own temporary folder, removed on close. */
export class Engine {
  readonly workFolder: string;
  #instance: DuckDBInstance;
  #connection: DuckDBConnection;
  readonly #isBranch: boolean;
  #leavesOutWrites = false;
  #onStatement: ((sql: string) => void) | undefined;

  private constructor(
    workFolder: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    isBranch = false,
  ) {
    this.workFolder = workFolder;
    this.#instance = instance;
    this.#connection = connection;
    this.#isBranch = isBranch;
    if (!isBranch) process.once('exit', this.#removeWorkFolder);
  }

  /** Also run when a signal ends the process, which then never comes to close(). */
  #removeWorkFolder = (): void => rmSync(this.workFolder, { recursive: true, force: true });

  static async open(options: EngineOptions = {}): Promise<Engine> {
    const workFolder = mkdtempSync(join(tmpdir(), 'yibao-'));
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${options.memoryLimitMib ?? DEFAULT_MEMORY_LIMIT_MIB}MiB`,
      temp_directory: join(workFolder, 'spill'),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      ...(options.threads ? { threads: String(options.threads) } : {}),
    });
    return new Engine(workFolder, instance, await instance.connect());
  }

  /** Another session on the same tables: its variables, its search path and what it makes in `temp` are its own. */
  async branch(): Promise<Engine> {
    return new Engine(this.workFolder, this.#instance, await this.#instance.connect(), true);
  }

  /** Shows every statement to `listener` before it runs; undefined: to nobody any more. */
  listen(listener: ((sql: string) => void) | undefined): void {
    this.#onStatement = listener;
  }

  /**
   * Lets `work` go through its steps on the tables it has left before: what would make or fill a table is left out, what
   * reads is done. Views that are not there and variables are made, since neither outlives the engine.
   */
  async withoutWrites<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#leavesOutWrites = true;
    try {
      return await work();
    } finally {
      this.#leavesOutWrites = false;
    }
  }

  /** Runs one or more statements and discards their results. */
  async run(sql: string, parameters?: readonly Cell[]): Promise<void> {
    this.#onStatement?.(sql);
    if (this.#leavesOutWrites) {
      if (!/^\s*(?:SET VARIABLE|CREATE OR REPLACE VIEW)\b/.test(sql)) return;
      sql = sql.replace('CREATE OR REPLACE VIEW', 'CREATE VIEW IF NOT EXISTS');
    }
    await this.#connection.run(sql, parameters as Cell[] | undefined);
  }

  /** All rows of a query whose result is small. */
  async rows(sql: string, parameters?: readonly Cell[]): Promise<Row[]> {
    this.#onStatement?.(sql);
    const reader = await this.#connection.runAndReadAll(sql, parameters as Cell[] | undefined);
    return reader.getRowObjects() as Row[];
  }

  /** The only row of a query. */
  async row(sql: string, parameters?: readonly Cell[]): Promise<Row> {
    const rows = await this.rows(sql, parameters);
    if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}: ${sql}`);
    return rows[0]!;
  }

  /**
   * Appends small tables made in TypeScript. Each row holds the values of `table`'s columns in order, as text
   * (null stays null); the table's own types decide what they become.
   */
  async append(table: string, rows: Iterable<readonly (string | bigint | number | null)[]>): Promise<void> {
    if (this.#leavesOutWrites) return;
    const file = join(this.workFolder, `append-${table}.csv`);
    const lines = Array.from(rows, (row) => row.map(csvCell).join(','));
    if (lines.length === 0) return;
    writeFileSync(file, `${lines.join('\n')}\n`);
    await this.run(
      `COPY ${table} FROM ${literal(file)} (FORMAT csv, HEADER false, AUTO_DETECT false, DELIMITER ',', QUOTE '"', ` +
        `ESCAPE '"', NULLSTR '', ALLOW_QUOTED_NULLS false)`,
    );
    rmSync(file);
  }

  /** Closes the engine; a branch alone, and what it branched from stays open. */
  close(): void {
    this.#connection.closeSync();
    if (this.#isBranch) return;
    this.#instance.closeSync();
    this.#removeWorkFolder();
    process.removeListener('exit', this.#removeWorkFolder);
  }
}

/** null is an empty cell, everything else is quoted, so that an empty text stays a text. */
const csvCell = (value: string | bigint | number | null): string =>
  value === null ? '' : `"${String(value).replaceAll('"', '""')}"`;

const DEFAULT_MEMORY_LIMIT_MIB = 3_072;

/** A text as an SQL literal: the file names of COPY and read functions cannot be parameters. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
