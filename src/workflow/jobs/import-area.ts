import { cpSync, existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { readAreaTables } from '#catalogue/area-tables.ts';
import { YibaoError } from '#kernel/errors.ts';
import { workflowErrors } from '../errors.ts';
import { putArea, readAreaHeader } from './area-header.ts';
import type { Work } from './work.ts';

/**
 * Copies the area folder inbox/<folder> to areas/<areaId> after its area.yaml and tables were read without a problem.
 * The lists are read when a year is settled. An area of that name is replaced in one step.
 */
export const importArea: Work = async (input, { dataFolder, progress, language }) => {
  const zh = language === 'zh';
  const source = insideInbox(dataFolder, String(input.folder));
  progress.stage(zh ? '检查地区表' : 'checking the tables of the area', 0);
  const header = readAreaHeader(source);
  const tables = readAreaTables(source);
  progress.stage(zh ? '复制文件' : 'copying files', 0.2);
  const target = join(dataFolder, 'areas', String(input.areaId));
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, partial, { recursive: true });
  putArea(partial, target, header.code);
  // what was uploaded is the service's own; what somebody put there stays
  if (input.isUploaded === true) rmSync(source, { recursive: true, force: true });
  return { ...header, institutions: tables.institutions.length };
};

/** Nothing outside inbox/ can be named, not by dots and not by links. */
function insideInbox(dataFolder: string, folder: string): string {
  const inbox = join(dataFolder, 'inbox');
  mkdirSync(inbox, { recursive: true });
  const source = join(inbox, folder);
  const refused = () =>
    new YibaoError({ definition: workflowErrors.outsideInbox, field: 'folder', value: folder });
  if (!existsSync(source)) throw refused();
  if (!realpathSync(source).startsWith(realpathSync(inbox) + sep)) throw refused();
  return source;
}
