import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import { type Store, type StoreTransaction, transaction } from './store.ts';

/** The modules with tables of their own, in the order in which their tables may refer to one another. */
export const MODULES_WITH_TABLES = [
  'identity',
  'api',
  'workflow',
  'enrolment',
  'fund',
  'visits',
  'interface',
] as const;

export type Migration = { readonly module: string; readonly name: string; readonly text: string };

export const migrationErrors = {
  changed: {
    code: 'store.migration-changed',
    exit: 5,
    message: {
      zh: '迁移 {value} 已应用过，但文件内容变了',
      en: 'migration {value} was applied before, and its file has changed since',
    },
    remedy: {
      zh: '恢复该文件；改动写进新的迁移',
      en: 'restore the file and put the change into a new migration',
    },
  },
  newer: {
    code: 'store.newer',
    exit: 5,
    message: {
      zh: '数据库里有本版本没有的迁移 {value}',
      en: 'the store has migration {value}, which this version does not know',
    },
    remedy: {
      zh: '用建立该数据库的版本或更新版本启动',
      en: 'start the version that made the store, or a newer one',
    },
  },
} satisfies Record<string, ErrorDefinition>;

/** A number without meaning that the transactions of migrations lock, so that two servers do not migrate at once. */
const MIGRATION_LOCK = 7_140_001;

/** The files `src/<module>/migrations/NNNN-name.sql` in order. */
export function readMigrations(): Migration[] {
  return MODULES_WITH_TABLES.flatMap((module) => {
    const folder = join(import.meta.dirname, '..', '..', module, 'migrations');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .toSorted()
      .map((name) => ({ module, name, text: readFileSync(join(folder, name), 'utf8') }));
  });
}

/**
 * Applies what has not been applied yet, all of it in one transaction, and returns the names.
 * @throws YibaoError store.migration-changed, store.newer: nothing is applied then
 */
export async function migrate(
  store: Store,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  return transaction(store, async (db) => {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(db);
    await sql`CREATE TABLE IF NOT EXISTS migration (
      name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`.execute(
      db,
    );
    const { rows } = await sql<{ name: string; sha256: string }>`SELECT name, sha256 FROM migration`.execute(
      db,
    );
    const applied = new Map(rows.map((row) => [row.name, row.sha256]));
    const done: string[] = [];
    for (const migration of migrations) {
      const name = `${migration.module}/${migration.name}`;
      const hash = createHash('sha256').update(migration.text).digest('hex');
      const before = applied.get(name);
      applied.delete(name);
      if (before === hash) continue;
      if (before !== undefined) throw new YibaoError({ definition: migrationErrors.changed, value: name });
      await runStatements(db, migration.text);
      await sql`INSERT INTO migration (name, sha256) VALUES (${name}, ${hash})`.execute(db);
      done.push(name);
    }
    const unknown = [...applied.keys()].toSorted()[0];
    if (unknown !== undefined) throw new YibaoError({ definition: migrationErrors.newer, value: unknown });
    return done;
  });
}

async function runStatements(db: StoreTransaction, text: string): Promise<void> {
  for (const statement of statementsOf(text)) await sql.raw(statement).execute(db);
}

/** A statement ends with a semicolon at the end of a line outside `$$ … $$`; comments stand on lines of their own. */
export function statementsOf(text: string): string[] {
  const statements: string[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('--')) continue;
    lines.push(line);
    const statement = lines.join('\n');
    if (line.trimEnd().endsWith(';') && statement.split('$$').length % 2 === 1) {
      statements.push(statement);
      lines = [];
    }
  }
  if (lines.length > 0) statements.push(lines.join('\n'));
  return statements;
}
