import { createReadStream, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Store } from '#engine/postgres/store.ts';
import {
  isHalfLanded,
  type Landing,
  type LandingStage,
  landRows,
  mappingOf,
  prepareRows,
} from '#enrolment/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { workflowErrors } from '../errors.ts';
import type { StepsGiven } from './in-steps.ts';
import type { Job } from './jobs.ts';
import type { Work } from './work.ts';

type Input = { readonly department: string; readonly folder: string; readonly names: readonly string[] };

const inputOf = (input: Readonly<Record<string, unknown>>, dataFolder: string) => {
  const { department, folder, names } = input as Input;
  const path = join(dataFolder, 'inbox', folder);
  return {
    path,
    mapping: mappingOf(department, dataFolder),
    files: names.map((name, index) => ({ name, path: join(path, String(index)) })),
  };
};
const rowsFile = (path: string) => `${path}.rows`;

/**
 * Reads files of a department in inbox/<folder>, named 0, 1, …, and writes their rows beside them, ready to be landed. A file that
 * cannot be read is refused with what is wrong, and nothing of the upload stays.
 */
export const readDepartmentFiles: Work = async (input, { dataFolder, progress, language }) => {
  const { path, mapping, files } = inputOf(input, dataFolder);
  if (!existsSync(path)) {
    throw new YibaoError({
      definition: workflowErrors.uploadGone,
      value: files.map(({ name }) => name).join('、'),
    });
  }
  try {
    const rows: number[] = [];
    for (const [index, file] of files.entries()) {
      progress.stage(language === 'zh' ? '读文件' : 'reading the file', (READ_SHARE * index) / files.length);
      const prepared = await prepareRows({ ...file, mapping });
      writeFileSync(rowsFile(file.path), '');
      for await (const part of prepared.parts) writeFileSync(rowsFile(file.path), `${part}\n`, { flag: 'a' });
      rows.push(prepared.rows);
    }
    return { rows };
  } catch (error) {
    if (error instanceof YibaoError) rmSync(path, { recursive: true, force: true });
    throw error;
  }
};

const READ_SHARE = 0.1;
const STAGES: Readonly<
  Record<LandingStage, { readonly text: Text; readonly from: number; readonly to: number }>
> = {
  receiving: { text: { zh: '落库', en: 'receiving rows' }, from: READ_SHARE, to: 0.25 },
  linking: { text: { zh: '归档比对', en: 'linking rows' }, from: 0.25, to: 0.6 },
  writing: { text: { zh: '写入档案', en: 'writing the persons’ files' }, from: 0.6, to: 1 },
};

/** Lands what was read, in steps, and takes the upload away: it is kept in the store. */
export async function landDepartmentFiles(
  job: Job,
  read: Readonly<Record<string, unknown>>,
  { store, dataFolder, step }: StepsGiven,
): Promise<{ readonly files: readonly (Landing & { readonly name: string })[] }> {
  const { path, mapping, files } = inputOf(job.input, dataFolder);
  const landed: (Landing & { name: string })[] = [];
  for (const [index, file] of files.entries()) {
    const prepared = { rows: (read.rows as number[])[index]!, parts: linesOf(rowsFile(file.path)) };
    const watch = {
      step: (stage: LandingStage, share: number) => {
        const { text, from, to } = STAGES[stage];
        const ofFile = (from + (to - from) * share - READ_SHARE) / (1 - READ_SHARE);
        return step(
          stageText(text, job.language, file.name),
          READ_SHARE + ((1 - READ_SHARE) * (index + ofFile)) / files.length,
        );
      },
    };
    const given = { ...file, mapping, login: job.createdBy };
    const landing = await landRows(store, given, prepared, Temporal.Now.instant(), undefined, watch);
    landed.push({ name: file.name, ...landing });
  }
  rmSync(path, { recursive: true, force: true });
  return { files: landed };
}

/**
 * Takes the upload of a landing that was cancelled away, unless rows of it went over to the persons' files already: then it is what the
 * landing goes on with. One landed in the end takes it away itself.
 */
export async function dropUpload(store: Store, job: Job, dataFolder: string): Promise<void> {
  const { path, files } = inputOf(job.input, dataFolder);
  const paths = files.map((file) => file.path).filter((each) => existsSync(each));
  if (!(await isHalfLanded(store, paths))) rmSync(path, { recursive: true, force: true });
}

/** Opened when the first line is asked for: a file that was landed before is not read again. */
async function* linesOf(path: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
}

const stageText = (text: Text, language: Language, name: string): string => `${text[language]} ${name}`;
