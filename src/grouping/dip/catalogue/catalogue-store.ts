import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { dataFolder, isStoredName } from '#kernel/data-folder.ts';
import { YibaoError } from '#kernel/errors.ts';
import { catalogueText, operationsFileText } from './catalogue-text.ts';
import { catalogueErrors } from './errors.ts';
import type { GroupCatalogue } from './group-catalogue.ts';
import { type CatalogueFiles, readGroupCatalogue } from './read-catalogue.ts';

const GROUPS_FILE = 'catalogue.csv';
const OPERATIONS_FILE = 'operations.csv';
const ABOUT_FILE = 'catalogue.json';

/** What is kept of an imported catalogue beside its tables. */
export type StoredCatalogue = {
  readonly name: string;
  readonly year: number | null;
  /** base name and sha256 of the files it was imported from */
  readonly sources: readonly { readonly file: string; readonly sha256: string }[];
  readonly groups: number;
  readonly kinds: Readonly<Record<string, number>>;
};

const shelf = (): string => join(dataFolder(), 'dip');

/**
 * Checks a catalogue and keeps it under its name, replacing an earlier one of that name as a whole. Nothing is kept of a
 * refused one.
 */
export async function importCatalogue(
  files: CatalogueFiles,
  year: number | null,
): Promise<{ readonly stored: StoredCatalogue; readonly catalogue: GroupCatalogue }> {
  const { name } = files;
  if (!isStoredName(name)) {
    throw new YibaoError({ definition: catalogueErrors.wrongName, field: '--name', value: name });
  }
  const catalogue = await readGroupCatalogue(files);
  const groups = new Map(catalogue.entries.map((entry) => [entry.groupCode, entry.kind]));
  const kinds = Map.groupBy(groups.values(), (kind) => kind);
  const paths = [files.groups, ...(files.operations === undefined ? [] : [files.operations])];
  const stored: StoredCatalogue = {
    name,
    year,
    sources: paths.map((path) => ({
      file: basename(path),
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    })),
    groups: groups.size,
    kinds: Object.fromEntries(
      [...kinds].map(([kind, list]) => [kind, list.length] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
  putInPlace(join(shelf(), name), {
    [GROUPS_FILE]: catalogueText(catalogue),
    ...(catalogue.operations ? { [OPERATIONS_FILE]: operationsFileText(catalogue.operations) } : {}),
    [ABOUT_FILE]: `${JSON.stringify(stored, null, 2)}\n`,
  });
  return { stored, catalogue };
}

/** Written beside, then renamed: a reader sees the old folder or the new one. */
function putInPlace(target: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(target), { recursive: true });
  const partial = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(partial, name), text);
    rmSync(target, { recursive: true, force: true });
    renameSync(partial, target);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** The catalogues imported so far, by name. */
export function listCatalogues(): StoredCatalogue[] {
  if (!existsSync(shelf())) return [];
  return readdirSync(shelf())
    .filter((name) => existsSync(join(shelf(), name, ABOUT_FILE)))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(shelf(), name, ABOUT_FILE), 'utf8')) as StoredCatalogue);
}

/**
 * A catalogue by the name it was imported under, or from a file.
 * @param operations a list of operations in place of the catalogue's own
 */
export async function openCatalogue(nameOrFile: string, operations?: string): Promise<GroupCatalogue> {
  const folder = join(shelf(), nameOrFile);
  const isStored = isStoredName(nameOrFile) && existsSync(join(folder, ABOUT_FILE));
  if (!isStored && !existsSync(nameOrFile)) {
    const known = listCatalogues().map(({ name }) => name);
    const parameters = { known: known.join('、') || '-' };
    throw new YibaoError({ definition: catalogueErrors.notThere, value: nameOrFile, parameters });
  }
  const own = join(folder, OPERATIONS_FILE);
  return readGroupCatalogue({
    name: nameOrFile,
    groups: isStored ? join(folder, GROUPS_FILE) : nameOrFile,
    operations: operations ?? (isStored && existsSync(own) ? own : undefined),
  });
}
