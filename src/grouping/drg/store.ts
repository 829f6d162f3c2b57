import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder, isStoredName } from '#kernel/data-folder.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { systemReason } from '#kernel/system-errors.ts';
import { compileScheme } from './compile.ts';
import { drgErrors } from './errors.ts';
import { PROGRAM_VERSION, type Program } from './program.ts';
import { type ReadScheme, readScheme } from './read-scheme.ts';
import { SCHEME_FILES } from './scheme.ts';
import type { SchemeFile } from './scheme-file.ts';

/** Schemes that come with the project, by name. */
const BUNDLED = join(import.meta.dirname, '..', '..', '..', 'policies', 'drg');
const CARD = 'scheme.json';
const PROGRAM = 'program.json';

/** What `scheme.json` beside the files of a stored scheme says. */
export type SchemeCard = {
  readonly name: string;
  /** sha256 by file name */
  readonly files: Readonly<Record<string, string>>;
  readonly mdcs: number;
  readonly adrgs: number;
  readonly groups: number;
  readonly steps: number;
  readonly warnings: number;
};

export type NamedScheme = {
  readonly name: string;
  readonly folder: string;
  readonly origin: 'folder' | 'imported' | 'bundled';
};

const storeFolder = (): string => join(dataFolder(), 'drg');
const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
const foldersIn = (folder: string): string[] =>
  isFolder(folder)
    ? readdirSync(folder)
        .filter((name) => isStoredName(name) && isFolder(join(folder, name)))
        .toSorted()
    : [];

/** Bundled schemes, then imported ones, by name. */
export function listSchemes(): NamedScheme[] {
  const named = (parent: string, origin: NamedScheme['origin']) =>
    foldersIn(parent).map((name): NamedScheme => ({ name, folder: join(parent, name), origin }));
  return [...named(BUNDLED, 'bundled'), ...named(storeFolder(), 'imported')];
}

/**
 * The scheme an argument means: the name of an imported or bundled scheme, else a folder. A folder that is meant in
 * spite of a scheme of its name is written with its path (`./name`).
 * @throws YibaoError drg.scheme-not-found
 */
export function findScheme(argument: string): NamedScheme {
  const known = listSchemes();
  const stored = known.find(({ name }) => name === argument);
  if (stored !== undefined) return stored;
  if (isFolder(argument)) return { name: argument, folder: argument, origin: 'folder' };
  throw new YibaoError({
    definition: drgErrors.schemeNotFound,
    value: argument,
    parameters: { names: known.map(({ name }) => name).join(', ') || '-' },
  });
}

/** Reads and checks the files of a scheme, wherever it is. */
export const openScheme = (argument: string): ReadScheme => readScheme(findScheme(argument).folder);

/** The compiled program of a scheme: as stored when it was imported, else made from its files. */
export function openProgram(argument: string): Program {
  const { folder, origin } = findScheme(argument);
  const stored = origin === 'imported' ? storedProgram(folder) : undefined;
  return stored ?? compileScheme(readScheme(folder).scheme);
}

/** Undefined when it was made by another version of the compiler, or cannot be read: the files beside it will do. */
function storedProgram(folder: string): Program | undefined {
  try {
    const program = JSON.parse(readFileSync(join(folder, PROGRAM), 'utf8')) as Program;
    return program.version === PROGRAM_VERSION ? program : undefined;
  } catch {
    return undefined;
  }
}

/** The counts of a scheme, as stored; undefined for a folder that is not a stored scheme. */
export function readCard(folder: string): SchemeCard | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, CARD), 'utf8')) as SchemeCard;
  } catch {
    return undefined;
  }
}

/** The counts of a scheme: as stored, else read from its files. */
export const cardOfScheme = ({ name, folder, origin }: NamedScheme): SchemeCard =>
  (origin === 'imported' ? readCard(folder) : undefined) ?? cardOf(name, readScheme(folder));

export function cardOf(name: string, { scheme, warnings, files }: ReadScheme): SchemeCard {
  const codes = (level: string) =>
    new Set(scheme.steps.filter((step) => step.level === level).map((step) => step.code)).size;
  return {
    name,
    files: Object.fromEntries(files.map(({ file, sha256 }) => [file, sha256])),
    mdcs: codes('mdc'),
    adrgs: codes('adrg'),
    groups: scheme.groups.size,
    steps: scheme.steps.length,
    warnings: warnings.length,
  };
}

export type Import = { readonly card: SchemeCard; readonly folder: string; readonly outcome: ImportOutcome };
export type ImportOutcome = 'new' | 'same' | 'replaced';

/**
 * Checks a scheme and keeps it under a name: its seven files as they are, the compiled program, and a card. Written
 * beside and then renamed, so that nothing of a refused or interrupted import is kept.
 * @throws YibaoError as `readScheme`; drg.not-a-name, .bundled-name, .other-content
 */
export function importScheme(
  folder: string,
  name: string,
  replace: boolean,
): Import & { readonly warnings: readonly Problem[] } {
  if (!isStoredName(name))
    throw new YibaoError({ definition: drgErrors.notAName, field: '--name', value: name });
  if (foldersIn(BUNDLED).includes(name)) {
    throw new YibaoError({ definition: drgErrors.bundledName, field: '--name', value: name });
  }
  if (!isFolder(folder)) findScheme(folder);
  const read = readScheme(isFolder(folder) ? folder : findScheme(folder).folder);
  const card = cardOf(name, read);
  const target = join(storeFolder(), name);
  const outcome = outcomeOf(target, name, card, replace);
  if (outcome !== 'same' || storedProgram(target) === undefined) {
    store(target, card, read.files, compileScheme(read.scheme));
  }
  return { card, folder: target, outcome, warnings: read.warnings };
}

function outcomeOf(target: string, name: string, card: SchemeCard, replace: boolean): ImportOutcome {
  if (!existsSync(target)) return 'new';
  const old = readCard(target)?.files ?? {};
  const changed = SCHEME_FILES.map(({ file }) => file).filter((file) => old[file] !== card.files[file]);
  if (changed.length === 0) return 'same';
  if (replace) return 'replaced';
  throw new YibaoError({
    definition: drgErrors.otherContent,
    value: name,
    parameters: { files: changed.join(', ') },
  });
}

function store(target: string, card: SchemeCard, files: readonly SchemeFile[], program: Program): void {
  let partial: string | undefined;
  try {
    mkdirSync(dirname(target), { recursive: true });
    partial = mkdtempSync(join(dirname(target), '.partial-'));
    for (const { file, bytes } of files) writeFileSync(join(partial, file), bytes);
    writeFileSync(join(partial, PROGRAM), JSON.stringify(program));
    writeFileSync(join(partial, CARD), `${JSON.stringify(card, null, 2)}\n`);
    putInPlace(partial, target);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new YibaoError(
      {
        definition: drgErrors.storeNotWritable,
        file: target,
        parameters: { reason: reason.zh, reasonEn: reason.en },
      },
      { cause: error },
    );
  } finally {
    if (partial !== undefined) {
      rmSync(partial, { recursive: true, force: true });
      rmSync(`${partial}-old`, { recursive: true, force: true });
    }
  }
}

/** Moves the new folder over the old one; if that fails the old one is there again. */
function putInPlace(partial: string, target: string): void {
  if (!existsSync(target)) {
    renameSync(partial, target);
    return;
  }
  renameSync(target, `${partial}-old`);
  try {
    renameSync(partial, target);
  } catch (error) {
    renameSync(`${partial}-old`, target);
    throw error;
  }
}
