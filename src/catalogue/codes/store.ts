import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CodeEntry, checkCodeSet, type SetKind } from '#catalogue/codes/code-set.ts';
import { type ColumnChoice, readCodeFile } from '#catalogue/codes/columns.ts';
import { codesErrors } from '#catalogue/codes/errors.ts';
import {
  checkMapping,
  type MappingPair,
  type MappingReport,
  reportMapping,
} from '#catalogue/codes/mapping.ts';
import { loadPinyin, searchable } from '#catalogue/codes/pinyin.ts';
import { sourceFile } from '#engine/sql-file.ts';
import { dataFolder, isStoredName } from '#kernel/data-folder.ts';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { outputErrors, writeFolder } from '#kernel/output-folder.ts';

export type CodesKind = SetKind | 'mapping';

/** What is kept beside the codes: what they are and where they come from. Nothing in it depends on time or place. */
export type CodesManifest = {
  /** format of the stored files */
  readonly yibao: 'codes-1';
  readonly kind: CodesKind;
  /** version as its publisher calls it, and the day it was published or takes effect, as given; '' when not given */
  readonly label: string;
  readonly date: string;
  /** the file it was imported from: base name and sha256 of its bytes */
  readonly source: { readonly file: string; readonly sha256: string };
  /** sha256 of codes.tsv: equal for equal content, whatever file it came from */
  readonly content_sha256: string;
  /** of a mapping: the code sets its two sides were checked against */
  readonly from_set?: string;
  readonly to_set?: string;
  /** lines of each stored file */
  readonly rows: Readonly<Record<string, number>>;
};

/** A set or a mapping under its name. `bundled` ones come with yibao and are not in the data folder. */
export type StoredCodes = {
  readonly name: string;
  readonly bundled: boolean;
  readonly manifest: CodesManifest;
};

const KIND_NAMES: Readonly<Record<CodesKind, Text>> = {
  diagnosis: { zh: '诊断编码集', en: 'set of diagnosis codes' },
  procedure: { zh: '手术操作编码集', en: 'set of procedure codes' },
  mapping: { zh: '映射表', en: 'mapping table' },
};
export const kindName = (kind: CodesKind): Text => KIND_NAMES[kind];

const CODES_FILE = 'codes.tsv';
const MANIFEST_FILE = 'manifest.json';

/** The small tables of the demo, so that look-up can be tried before anything is imported. */
const BUNDLED: Readonly<
  Record<string, { readonly kind: SetKind; readonly file: string; readonly label: string }>
> = {
  'demo-diagnoses': { kind: 'diagnosis', file: 'demo/diagnoses.csv', label: '演示地区所用的诊断编码' },
  'demo-procedures': { kind: 'procedure', file: 'demo/procedures.csv', label: '演示地区所用的手术操作编码' },
};
export const isBundled = (name: string): boolean => Object.hasOwn(BUNDLED, name);

const storeFolder = (): string => join(dataFolder(), 'codes');
const folderOf = (name: string): string => join(storeFolder(), name);
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** Everything kept, by name, the sets that come with yibao last; `damaged` names cannot be read any more. */
export function listCodes(): { readonly codes: readonly StoredCodes[]; readonly damaged: readonly string[] } {
  const folder = storeFolder();
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const codes: StoredCodes[] = [];
  const damaged: string[] = [];
  for (const name of names) {
    if (!isStoredName(name) || !existsSync(join(folder, name, MANIFEST_FILE))) continue;
    try {
      codes.push({ name, bundled: false, manifest: readManifest(name) });
    } catch (error) {
      if (!(error instanceof YibaoError)) throw error;
      damaged.push(name);
    }
  }
  const bundled = Object.keys(BUNDLED).map((name) => ({
    name,
    bundled: true,
    manifest: bundledManifest(name),
  }));
  return { codes: [...codes, ...bundled], damaged };
}

/** What is kept under a name. Throws YibaoError `codes.not-found`. */
export function findCodes(name: string): StoredCodes {
  if (isBundled(name)) return { name, bundled: true, manifest: bundledManifest(name) };
  if (!isStoredName(name) || !existsSync(join(folderOf(name), MANIFEST_FILE))) throw notFound(name);
  return { name, bundled: false, manifest: readManifest(name) };
}

function notFound(name: string): YibaoError {
  const names = listCodes().codes.map((each) => each.name);
  return new YibaoError({
    definition: codesErrors.notFound,
    value: name,
    parameters: { kind: '编码集或映射表', kindEn: 'code set or mapping', names: names.join('、') },
  });
}

function readManifest(name: string): CodesManifest {
  try {
    const manifest = JSON.parse(readFileSync(join(folderOf(name), MANIFEST_FILE), 'utf8')) as CodesManifest;
    if (manifest.yibao === 'codes-1' && Object.hasOwn(KIND_NAMES, manifest.kind)) return manifest;
  } catch {
    // not written by us, or cut off
  }
  throw new YibaoError({ definition: codesErrors.damagedStore, value: name });
}

function bundledManifest(name: string): CodesManifest {
  const { kind, file, label } = BUNDLED[name]!;
  const bytes = readFileSync(sourceFile(file));
  const lines = bytes.toString('utf8').trimEnd().split('\n').length - 1;
  return {
    ...{ yibao: 'codes-1', kind, label, date: '' },
    source: { file: basename(file), sha256: sha256(bytes) },
    content_sha256: sha256(bytes),
    rows: { [CODES_FILE]: lines },
  };
}

/** A code of a set with what look-up needs: its name as it is compared, initials and syllables as it is read aloud. */
export type SetEntry = CodeEntry & {
  readonly searchable: string;
  readonly initials: string;
  readonly pinyin: string;
  /** all readings of each character; '' when none has several */
  readonly readings: string;
};

/** A code set read into memory. */
export type LoadedSet = {
  readonly name: string;
  readonly kind: SetKind;
  readonly entries: readonly SetEntry[];
};

/** Reads a set, as lines of text without a CSV parser: forty thousand codes in a few hundredths of a second. Throws YibaoError. */
export async function loadSet(name: string): Promise<LoadedSet> {
  const { manifest, bundled } = findCodes(name);
  if (manifest.kind === 'mapping') throw wrongKind(name, 'mapping', { zh: '编码集', en: 'code set' });
  if (bundled) return loadBundledSet(name);
  const entries = readLines(name, CODES_FILE, manifest).map((cells) => {
    const [code = '', codeName = '', initials = '', pinyin = '', readings = '', compared = ''] = cells;
    return { code, name: codeName, searchable: compared || codeName, initials, pinyin, readings };
  });
  return { name, kind: manifest.kind, entries };
}

async function loadBundledSet(name: string): Promise<LoadedSet> {
  const { kind, file } = BUNDLED[name]!;
  const path = sourceFile(file);
  const read = await readCodeFile(path, 'set');
  if (read.layout !== 'set') throw new Error(`${path} is no code set`);
  return { name, kind, entries: await readAloud(checkCodeSet(path, read.rows, kind).entries) };
}

const wrongKind = (name: string, found: CodesKind, wanted: Text): YibaoError =>
  new YibaoError({
    definition: codesErrors.wrongKind,
    value: name,
    parameters: {
      found: KIND_NAMES[found].zh,
      foundEn: KIND_NAMES[found].en,
      kind: wanted.zh,
      kindEn: wanted.en,
    },
  });

/** A mapping table and what identifies it. */
export type MappingTable = {
  /** the name it is kept under, or the path of its file */
  readonly name: string;
  readonly pairs: readonly MappingPair[];
  readonly content_sha256: string;
};

/** Reads a mapping table kept under a name. Throws YibaoError. */
export function loadMapping(name: string): MappingTable {
  const { manifest } = findCodes(name);
  if (manifest.kind !== 'mapping') throw wrongKind(name, manifest.kind, KIND_NAMES.mapping);
  const pairs = readLines(name, CODES_FILE, manifest).map((cells): MappingPair => {
    const [source = '', target = '', preferred = '', sourceName = '', targetName = '', note = ''] = cells;
    return { source, target, sourceName, targetName, preferred: preferred === '1', note };
  });
  return { name, pairs, content_sha256: manifest.content_sha256 };
}

/** Reads a mapping table from a CSV or XLSX file without keeping it. Throws YibaoError. */
export async function readMappingFile(path: string, shownName = path): Promise<MappingTable> {
  const file = await readCodeFile(path, 'mapping');
  if (file.layout !== 'mapping') throw new Error(`${path} is no mapping`);
  const { pairs } = checkMapping(path, file.rows);
  return { name: shownName, pairs, content_sha256: sha256(mappingText(pairs)) };
}

/** The lines of a stored file as cells. Throws `codes.damaged-store` when there are not as many as were written. */
function readLines(name: string, file: string, manifest: CodesManifest): string[][] {
  let text = '';
  try {
    text = readFileSync(join(folderOf(name), file), 'utf8');
  } catch {
    // counted below
  }
  const lines = text === '' ? [] : text.split('\n');
  if (lines.pop() !== '' && lines.length > 0) lines.length = 0; // cut off
  if (lines.length !== (manifest.rows[file] ?? 0)) {
    throw new YibaoError({ definition: codesErrors.damagedStore, value: name });
  }
  return lines.map((line) => line.split('\t'));
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
const linesText = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => `${cells.map(oneLine).join('\t')}\n`).join('');
const mappingText = (pairs: readonly MappingPair[]): string =>
  linesText(
    pairs.map((pair) => [
      ...[pair.source, pair.target, pair.preferred ? '1' : ''],
      ...[pair.sourceName, pair.targetName, pair.note],
    ]),
  );

/** Codes made ready to be looked up, as those of an imported set are. */
export async function readAloud(entries: readonly CodeEntry[]): Promise<SetEntry[]> {
  const read = await loadPinyin();
  return entries.map((entry) => {
    const { pinyin, readings } = read(entry.name);
    const initials = pinyin
      .split(' ')
      .map((syllable) => [...syllable][0] ?? '')
      .join('');
    return { ...entry, searchable: searchable(entry.name), initials, pinyin, readings };
  });
}

export type ImportOptions = ColumnChoice & {
  readonly name: string;
  readonly kind?: CodesKind | undefined;
  readonly label?: string | undefined;
  readonly date?: string | undefined;
  readonly replace?: boolean;
  /** of a mapping: names of the code sets to check its sides against */
  readonly fromSet?: string | undefined;
  readonly toSet?: string | undefined;
};

export type ImportResult = {
  readonly name: string;
  readonly manifest: CodesManifest;
  /** new; already there with the same content; or put in the place of other content */
  readonly outcome: 'imported' | 'unchanged' | 'replaced';
  /** lines that only repeat an earlier one */
  readonly repeated: number;
  /** of a mapping */
  readonly mapping: MappingReport | undefined;
};

/**
 * Imports a code set or a mapping table and keeps it under a name. Nothing is kept of a file with a problem; the same
 * content again changes nothing; other content needs `replace`.
 * @throws YibaoError with every problem of the file, or `codes.exists`
 */
export async function importCodes(path: string, options: ImportOptions): Promise<ImportResult> {
  const { name } = options;
  checkName(name);
  const fromSet = options.fromSet === undefined ? undefined : await loadSet(options.fromSet);
  const toSet = options.toSet === undefined ? undefined : await loadSet(options.toSet);
  const wantsMapping = options.kind === 'mapping' || fromSet !== undefined || toSet !== undefined;
  const layout = wantsMapping ? 'mapping' : options.kind === undefined ? undefined : 'set';
  const file = await readCodeFile(path, layout, options);
  const manifestOf = (kind: CodesKind, texts: Readonly<Record<string, string>>): CodesManifest => ({
    ...{ yibao: 'codes-1', kind, label: options.label ?? '', date: options.date ?? '' },
    source: { file: basename(path), sha256: sha256(readFileSync(path)) },
    content_sha256: sha256(texts[CODES_FILE]!),
    ...(fromSet === undefined ? {} : { from_set: fromSet.name }),
    ...(toSet === undefined ? {} : { to_set: toSet.name }),
    rows: Object.fromEntries(
      Object.entries(texts).map(([each, text]) => [each, text.split('\n').length - 1]),
    ),
  });
  if (file.layout === 'mapping') {
    const { pairs, repeated } = checkMapping(path, file.rows);
    const texts = { [CODES_FILE]: mappingText(pairs) };
    const manifest = manifestOf('mapping', texts);
    const outcome = await keep(name, manifest, texts, options.replace ?? false);
    const mapping = reportMapping(pairs, { from: fromSet?.entries, to: toSet?.entries });
    return { name, manifest, outcome, repeated, mapping };
  }
  const list = checkCodeSet(path, file.rows, options.kind === 'mapping' ? undefined : options.kind);
  const entries = await readAloud(list.entries);
  const texts = {
    // most names are compared as they are written
    [CODES_FILE]: linesText(
      entries.map((entry) => [
        ...[entry.code, entry.name, entry.initials, entry.pinyin, entry.readings],
        entry.searchable === entry.name ? '' : entry.searchable,
      ]),
    ),
  };
  const manifest = manifestOf(list.kind, texts);
  const outcome = await keep(name, manifest, texts, options.replace ?? false);
  return { name, manifest, outcome, repeated: list.repeated, mapping: undefined };
}

function checkName(name: string): void {
  if (isBundled(name)) throw new YibaoError({ definition: codesErrors.reservedName, value: name });
  if (!isStoredName(name)) throw new YibaoError({ definition: codesErrors.badName, value: name });
}

/** Whether two manifests stand for the same thing; the file it came from may have another name. */
const sameContent = (a: CodesManifest, b: CodesManifest): boolean =>
  a.kind === b.kind &&
  a.content_sha256 === b.content_sha256 &&
  a.label === b.label &&
  a.date === b.date &&
  a.from_set === b.from_set &&
  a.to_set === b.to_set;

async function keep(
  name: string,
  manifest: CodesManifest,
  texts: Readonly<Record<string, string>>,
  replace: boolean,
): Promise<ImportResult['outcome']> {
  const folder = folderOf(name);
  const isThere = existsSync(join(folder, MANIFEST_FILE));
  if (isThere && !replace) {
    const old = readManifest(name);
    if (sameContent(old, manifest)) return 'unchanged';
    const parameters = { rows: old.rows[CODES_FILE] ?? 0, source: old.source.file };
    throw new YibaoError({ definition: codesErrors.exists, value: name, parameters });
  }
  try {
    await writeFolder(folder, async (partial) => {
      for (const [file, text] of Object.entries(texts)) writeFileSync(join(partial, file), text);
      writeFileSync(join(partial, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    });
  } catch (error) {
    throw withStorePlace(error);
  }
  return isThere ? 'replaced' : 'imported';
}

/** The advice of an output folder (--out) does not fit here. */
function withStorePlace(error: unknown): unknown {
  const problem = error instanceof YibaoError ? error.problems[0] : undefined;
  const isOfTheFolder = (definition: ErrorDefinition) => problem?.definition.code === definition.code;
  if (problem === undefined || !isOfTheFolder(outputErrors.notWritable)) return error;
  return new YibaoError({ ...problem, definition: codesErrors.storeNotWritable }, { cause: error });
}

/** Removes what is kept under a name. Throws YibaoError when there is nothing, or it comes with yibao. */
export function removeCodes(name: string): void {
  if (isBundled(name)) throw new YibaoError({ definition: codesErrors.bundledStays, value: name });
  if (!isStoredName(name) || !existsSync(join(folderOf(name), MANIFEST_FILE))) throw notFound(name);
  rmSync(folderOf(name), { recursive: true });
}
