import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { codesErrors } from '#catalogue/codes/errors.ts';
import { loadMapping, type MappingTable, readMappingFile } from '#catalogue/codes/store.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';

/** The two sides of a settlement list that carry codes. */
export const MAPPED_SIDES = ['diagnoses', 'procedures'] as const;
export type MappedSide = (typeof MAPPED_SIDES)[number];

/** Mapping tables by name or file, as an area or a command names them. */
export type MappingNames = Readonly<Partial<Record<MappedSide, string>>>;
/** The tables themselves. */
export type ListMapping = Readonly<Partial<Record<MappedSide, MappingTable>>>;

/** In the place of a name: no mapping, although the area names one. */
export const NO_MAPPING = 'none';

/** A name with such an ending is that of a file. */
export const isMappingFile = (text: string): boolean => /\.(csv|tsv|txt|xlsx)$/i.test(text);

/**
 * Opens the mapping tables a settlement uses; undefined when it uses none.
 * @param area names in area.yaml; files are relative to the area folder
 * @param given names given with the command, which go before; files are relative to the working folder
 * @throws YibaoError with the problems of both tables
 */
export async function openListMapping(
  areaFolder: string,
  area: MappingNames,
  given: MappingNames = {},
): Promise<ListMapping | undefined> {
  const tables: Partial<Record<MappedSide, MappingTable>> = {};
  const problems: Problem[] = [];
  for (const side of MAPPED_SIDES) {
    const name = given[side] ?? area[side];
    if (name === undefined || name === NO_MAPPING) continue;
    const path = given[side] === undefined && !isAbsolute(name) ? join(areaFolder, name) : name;
    try {
      tables[side] = await openMapping(name, path);
    } catch (error) {
      if (!(error instanceof YibaoError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
  return Object.keys(tables).length === 0 ? undefined : tables;
}

/** A mapping table by the name it is kept under, or a file of one. Throws YibaoError. */
export async function openMapping(name: string, path = name): Promise<MappingTable> {
  if (!isMappingFile(name)) return loadMapping(name);
  if (!existsSync(path)) {
    const parameters = { reason: '找不到', reasonEn: 'it does not exist' };
    throw new YibaoError({ definition: codesErrors.unreadable, file: path, parameters });
  }
  return readMappingFile(path, name);
}
