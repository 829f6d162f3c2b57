import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isMappingFile, type MappingNames } from '#catalogue/codes/index.ts';
import { Engine, literal } from '#engine/duckdb.ts';
import { dataFolder } from '#kernel/data-folder.ts';
import { YibaoError } from '#kernel/errors.ts';
import { changedFile, type FileState, fileStates } from '#kernel/file-state.ts';
import { type Fraction, fraction } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { policyHash } from '#policy/index.ts';
import {
  type OpenedYear,
  openYear,
  type Settlement,
  type SettleOptions,
  settleYear,
} from '../settle-year.ts';
import { simulationErrors } from './errors.ts';
import { STAGES, type StageRecord, StageWatch } from './stage-watch.ts';

/** What a base is made of and from; kept in the base itself, so that the two cannot part. */
type Manifest = {
  /** of the shape of this record */
  readonly version: number;
  readonly identity: Identity;
  readonly files: readonly FileState[];
  /** nanoseconds: when the files began to be noted */
  readonly since: string;
  readonly record: StageRecord;
  readonly areaMean: readonly [string, string];
  readonly tables: readonly string[];
  /** views over the tables, in the order they were made */
  readonly views: readonly { readonly name: string; readonly sql: string }[];
};

/** What a settlement depends on beside its files. */
type Identity = {
  readonly areaFolder: string;
  readonly year: number;
  readonly knownAt: string | null;
  readonly profile: string | null;
  readonly codeMapping: MappingNames;
  readonly skipBadFiles: boolean;
  readonly policy: string;
};

const VERSION = 1;
/** The modules a base is made by. */
const MODULES = ['kernel', 'engine', 'policy', 'catalogue', 'claims', 'grouping', 'payment', 'report'];
const MANIFEST_TABLE = 'simulation_manifest';
const root = join(import.meta.dirname, '..', '..', '..');

export type BaseOptions = Pick<
  SettleOptions,
  | 'areaFolder'
  | 'year'
  | 'knownAt'
  | 'profile'
  | 'codeMapping'
  | 'skipBadFiles'
  | 'language'
  | 'progress'
  | 'keepList'
  | 'keepFacts'
> & {
  /** where the base is kept; without it below the data folder */
  readonly file?: string | undefined;
  /** may refuse before the year is settled, which can take a minute */
  readonly check?: (opened: OpenedYear) => Promise<void>;
  /** may make further tables from the settled year, to be kept with it */
  readonly whenSettled?: (engine: Engine, settlement: Settlement) => Promise<void>;
  /** told when the year is settled anew although a base was there, and why */
  readonly whenStale?: (reason: Text) => void;
};

/** A settled year whose tables are kept, ready for scenarios. */
export type Base = {
  readonly file: string;
  readonly options: BaseOptions;
  readonly opened: OpenedYear;
  readonly record: StageRecord;
  readonly areaMeanFen: Fraction;
  readonly tables: readonly string[];
  readonly views: Manifest['views'];
  /** name in the area folder and hash of every file of the area */
  readonly inputs: readonly { readonly file: string; readonly sha256: string }[];
  readonly policySha256: string;
  /** the year was settled for this call */
  readonly isNew: boolean;
};

/** Where the base of an area and year is kept when nobody says where. */
export function defaultBaseFile({ areaFolder, year, ...options }: BaseOptions): string {
  const { profile, knownAt, codeMapping, skipBadFiles } = options;
  const choices = JSON.stringify([
    realPath(areaFolder),
    profile,
    knownAt?.toString(),
    codeMapping,
    skipBadFiles,
  ]);
  const key = createHash('sha256').update(choices).digest('hex').slice(0, 12);
  return join(dataFolder(), 'simulation', `${year}-${key}.duckdb`);
}

/**
 * Opens the base of a year: the one that is kept, when nothing it depends on has changed, else a new one, for which the year
 * is settled.
 * @throws YibaoError when the year cannot be settled, and for a file at its place that is no base
 */
export async function openBase(options: BaseOptions): Promise<Base> {
  const file = options.file ?? defaultBaseFile(options);
  const opened = await openYear(options);
  await options.check?.(opened);
  const identity = identityOf(opened);
  const kept = existsSync(file) ? await readManifest(file) : undefined;
  const stale = kept && staleReason(kept, identity);
  if (kept && !stale) return baseOf(file, options, opened, kept, false);
  if (stale) options.whenStale?.(stale);
  return baseOf(file, options, opened, await makeBase(file, options, identity), true);
}

const baseOf = (
  file: string,
  options: BaseOptions,
  opened: OpenedYear,
  { identity, files, record, areaMean, tables, views }: Manifest,
  isNew: boolean,
): Base => ({
  file,
  options,
  opened,
  record,
  areaMeanFen: fraction(BigInt(areaMean[0]), BigInt(areaMean[1])),
  tables,
  views,
  inputs: files
    .map(({ path, sha256 }) => ({ file: relative(identity.areaFolder, path).replaceAll('\\', '/'), sha256 }))
    .filter(({ file }) => !file.startsWith('..')),
  policySha256: identity.policy,
  isNew,
});

/** Everything on disk that the base depends on: the area, the policies, what was imported, and the program itself. */
function placesOf(identity: Identity): string[] {
  const mappings = Object.values(identity.codeMapping).filter(
    (name) => name !== undefined && isMappingFile(name),
  );
  return [
    identity.areaFolder,
    join(root, 'policies'),
    ...MODULES.map((name) => join(root, 'src', name)),
    ...['drg', 'dip', 'codes'].map((name) => join(dataFolder(), name)),
    ...(mappings as string[]).map(realPath),
  ];
}

const realPath = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path));

function identityOf({ options, plainPolicy }: OpenedYear): Identity {
  return {
    areaFolder: realPath(options.areaFolder),
    year: options.year,
    knownAt: options.knownAt?.toString() ?? null,
    profile: options.profile ?? null,
    codeMapping: options.codeMapping ?? {},
    skipBadFiles: options.skipBadFiles ?? false,
    policy: policyHash(plainPolicy),
  };
}

/** Why a base that is kept cannot be used any more; undefined when it can. */
function staleReason(kept: Manifest, identity: Identity): Text | undefined {
  if (kept.version !== VERSION) return { zh: '程序已更新', en: 'the program has changed' };
  const { policy, ...choices } = identity;
  const { policy: keptPolicy, ...keptChoices } = kept.identity;
  if (JSON.stringify(keptChoices) !== JSON.stringify(choices)) {
    return {
      zh: '它是为另一个地区、年度或另一些选项保存的',
      en: 'it was kept for another area, year or options',
    };
  }
  if (keptPolicy !== policy) return { zh: '政策已变更', en: 'the policy has changed' };
  const places = placesOf(identity);
  const changed = changedFile(kept.files, places, BigInt(kept.since));
  if (changed === undefined) return undefined;
  const shown = relative(root, changed);
  if (/^(src|policies)[\\/]/.test(shown)) {
    return shown.startsWith('src')
      ? { zh: `程序已更新（${shown}）`, en: `the program has changed (${shown})` }
      : { zh: `政策文件已变更（${shown}）`, en: `a policy file has changed (${shown})` };
  }
  const inArea = relative(identity.areaFolder, changed);
  const name = inArea.startsWith('..') ? changed : inArea;
  return { zh: `输入文件已变更（${name}）`, en: `an input file has changed (${name})` };
}

/** What the base at a place says of itself. */
async function readManifest(file: string): Promise<Manifest> {
  const engine = await Engine.open();
  try {
    await engine.run(`ATTACH ${literal(file)} AS kept (READ_ONLY)`);
    const { json } = await engine.row(`SELECT json FROM kept.${MANIFEST_TABLE}`);
    return JSON.parse(String(json)) as Manifest;
  } catch (error) {
    throw new YibaoError({ definition: simulationErrors.baseNotOurs, file }, { cause: error });
  } finally {
    engine.close();
  }
}

/** The views over the tables of a base that an engine has attached. */
export async function baseViews(engine: Engine): Promise<Manifest['views']> {
  const { json } = await engine.row(`SELECT json FROM ${MANIFEST_TABLE}`);
  return (JSON.parse(String(json)) as Manifest).views;
}

/** Settles the year and keeps its tables; the file is there whole or not at all. */
async function makeBase(file: string, options: BaseOptions, identity: Identity): Promise<Manifest> {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial-${randomUUID().slice(0, 8)}`;
  const remove = () => rmSync(partial, { force: true });
  process.once('exit', remove);
  const engine = await Engine.open();
  try {
    // the clock of the file system, which also stamps the files
    writeFileSync(partial, '');
    const since = statSync(partial, { bigint: true }).mtimeNs;
    remove();
    const files = fileStates(placesOf(identity));
    const watch = new StageWatch();
    const settlement = await settleYear(engine, { ...options, watch, copyAcceptedLists: true });
    await options.whenSettled?.(engine, settlement);
    const record = watch.record();
    checkRecord(record);
    const manifest: Manifest = {
      version: VERSION,
      identity,
      files,
      since: since.toString(),
      record,
      areaMean: [
        settlement.catalogue.areaMeanFen.numerator.toString(),
        settlement.catalogue.areaMeanFen.denominator.toString(),
      ],
      tables: await keptTables(engine),
      views: await keptViews(engine),
    };
    await engine.run(`ATTACH ${literal(partial)} AS kept`);
    for (const table of manifest.tables) {
      await engine.run(`CREATE TABLE kept.${table} AS SELECT * FROM memory.main.${table}`);
    }
    await engine.run(`CREATE TABLE kept.${MANIFEST_TABLE} (json VARCHAR)`);
    await engine.run(`INSERT INTO kept.${MANIFEST_TABLE} VALUES (?)`, [JSON.stringify(manifest)]);
    await engine.run('DETACH kept');
    renameSync(partial, file);
    return manifest;
  } finally {
    engine.close();
    process.off('exit', remove);
    remove();
    rmSync(`${partial}.wal`, { force: true });
  }
}

/** The policy is loaded anew for each scenario; what only the first stage reads is kept out. */
async function keptTables(engine: Engine): Promise<string[]> {
  const rows = await engine.rows(
    `SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory' AND NOT internal ORDER BY table_oid`,
  );
  return rows
    .map((row) => String(row.table_name))
    .filter((name) => !['policy_value', 'policy_year_weight', 'policy_band'].includes(name));
}

/** Views over tables; one that reads files, or tables that are gone, was only used by the stage that made it. */
async function keptViews(engine: Engine): Promise<{ name: string; sql: string }[]> {
  const rows = await engine.rows(
    `SELECT view_name, sql FROM duckdb_views() WHERE database_name = 'memory' AND NOT internal ORDER BY view_oid`,
  );
  const views: { name: string; sql: string }[] = [];
  for (const row of rows) {
    const [name, sql] = [String(row.view_name), String(row.sql)];
    if (/\bread_\w+\(/.test(sql)) continue;
    try {
      await engine.run(`SELECT * FROM ${name} LIMIT 0`);
    } catch {
      continue;
    }
    views.push({ name, sql });
  }
  return views;
}

/** A table that one stage fills and a later one changes could not be had as it was between the two. */
function checkRecord({ made, changed }: StageRecord): void {
  for (const [index, stage] of STAGES.entries()) {
    for (const table of changed[stage]) {
      const before = STAGES.slice(0, index).some((earlier) => changed[earlier].includes(table));
      if (before && !made[stage].includes(table)) {
        throw new Error(`stage ${stage} changes the table ${table}, which an earlier stage has filled`);
      }
    }
  }
}
