import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { sql } from 'kysely';
import { usageErrors } from '#cli/errors.ts';
import { withDataStore } from '#cli/open-store.ts';
import type { LandOptions, PersonsImportOptions, ReviewOptions } from '#cli/persons.ts';
import { migrate } from '#engine/postgres/migrate.ts';
import { type Store, transaction } from '#engine/postgres/store.ts';
import {
  decideReview,
  HOLDS,
  importPersons,
  landFile,
  mappingOf,
  readMappings,
  readPersonRows,
  readWeights,
  reviewDetail,
  sourceName,
} from '#enrolment/index.ts';
import { appendAudit, findUser, identityErrors, readPermissions } from '#identity/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { scaledText } from '#kernel/fraction.ts';
import type { Language } from '#kernel/locale.ts';

/** Imports the file and prints what became of its rows. */
export async function runPersonsImport(
  file: string,
  options: PersonsImportOptions,
  language: Language,
): Promise<void> {
  const text = readFileSync(file, 'utf8');
  const rows = readPersonRows(text, file);
  const work = async (store: Store) => {
    await migrate(store);
    const outcome = await importPersons(
      store,
      rows,
      sourceName(basename(file), text),
      Temporal.Now.instant(),
    );
    const { newPersons, linked, toReview } = outcome;
    process.stdout.write(
      language === 'zh'
        ? `${outcome.rows} 行：写入 ${linked} 行，新建档案 ${newPersons} 份；待复核 ${toReview} 行\n`
        : `${outcome.rows} rows: ${linked} written, ${newPersons} new persons; ${toReview} to review\n`,
    );
  };
  await withDataStore(options.data, work, true);
}

const dataFolderOf = (data: string | undefined): string =>
  resolve(data ?? process.env.YIBAO_DATA ?? 'yibao-data');

/** Lands a file of a department, or lists the departments. */
export async function runPersonsLand(
  file: string | undefined,
  options: LandOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const dataFolder = dataFolderOf(options.data);
  if (file === undefined || options.department === undefined) {
    for (const { department, title, holds, columns } of readMappings(dataFolder).values()) {
      process.stdout.write(`${department}  ${title[language]}\n`);
      for (const [field, { from }] of columns) {
        const isNeeded = (HOLDS[holds] as readonly string[]).includes(field);
        process.stdout.write(`  ${isNeeded ? '*' : ' '} ${field}  ${from.join(' | ')}\n`);
      }
    }
    if (file !== undefined) {
      const parameters = { name: '--department', command: 'yibao persons land' };
      throw new YibaoError({ definition: usageErrors.missingOption, parameters });
    }
    return;
  }
  const mapping = mappingOf(options.department, dataFolder);
  await withDataStore(
    options.data,
    async (store) => {
      await migrate(store);
      const given = { path: file, name: basename(file), mapping, login: 'cli' };
      const landed = await landFile(store, given, Temporal.Now.instant());
      const { rows, linked, newPersons, toReview, unusable, wasKnown } = landed;
      process.stdout.write(
        zh
          ? `${wasKnown ? '以前导入过，没有变化。' : ''}${rows} 行：归入 ${linked} 行，新建档案 ${newPersons} 份；待复核 ${toReview} 行；不能用 ${unusable} 行\n`
          : `${wasKnown ? 'Landed before, nothing changed. ' : ''}${rows} rows: ${linked} linked, ${newPersons} new persons; ${toReview} to review; ${unusable} unusable\n`,
      );
    },
    true,
  );
}

const DECISIONS = ['link', 'new', 'reject'] as const;

/** Lists the queue, explains one row of it, or decides it. */
export async function runPersonsReview(
  number: string | undefined,
  options: ReviewOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  await withDataStore(options.data, async (store) => {
    if (number === undefined) {
      const { rows } = await sql<{
        review_id: number;
        reason: string;
        source: string;
        line: number;
      }>`SELECT review_id, reason,
          source, line FROM person_review WHERE state = 'waiting' ORDER BY review_id`.execute(store);
      for (const row of rows) {
        process.stdout.write(`${row.review_id}  ${row.reason}  ${row.source}:${row.line}\n`);
      }
      process.stdout.write(zh ? `待决定 ${rows.length} 行\n` : `${rows.length} rows wait\n`);
      return;
    }
    const reviewId = /^\d{1,15}$/.test(number) ? Number(number) : 0;
    if (options.decide !== undefined) {
      const { psnNo } = await decide(store, reviewId, options);
      const where = psnNo === null ? (zh ? '不采用' : 'rejected') : psnNo;
      process.stdout.write(zh ? `已决定：${where}\n` : `decided: ${where}\n`);
      return;
    }
    const weights = readWeights();
    const { review, record, candidates } = await reviewDetail(store, reviewId, weights);
    process.stdout.write(
      `${review.review_id}  ${review.state}  ${review.reason}  ${review.source}:${review.line}\n`,
    );
    process.stdout.write(`  ${record.name}  ${record.brdy ?? '–'}  ${record.certnos.join(' ')}\n`);
    for (const { psnNo, record: person, weights: fields, sum100 } of candidates) {
      process.stdout.write(`${psnNo}  ${person.name}  ${scaledText(BigInt(sum100), 2)}\n`);
      for (const { field, level, weight100 } of fields) {
        const { title } = weights.fields[field];
        process.stdout.write(`  ${title[language]}  ${level ?? '–'}  ${scaledText(BigInt(weight100), 2)}\n`);
      }
    }
  });
}

/** The decision of a user of the service who may decide, with its entry in the audit log. */
async function decide(store: Store, reviewId: number, options: ReviewOptions) {
  const command = 'yibao persons review';
  const decision = DECISIONS.find((one) => one === options.decide);
  if (decision === undefined) {
    const expected = DECISIONS.join(', ');
    const parameters = { name: '--decide', expectedZh: expected, expectedEn: expected, command };
    throw new YibaoError({ definition: usageErrors.wrongValue, value: options.decide, parameters });
  }
  const { reason, login } = options;
  for (const [name, value] of [
    ['--reason', reason],
    ['--login', login],
    ...(decision === 'link' ? [['--person', options.person] as const] : []),
  ] as const) {
    if (value === undefined || value.trim() === '') {
      throw new YibaoError({ definition: usageErrors.missingOption, parameters: { name, command } });
    }
  }
  const user = await findUser(store, login!);
  const permissions = readPermissions();
  if (user === undefined || user.isDisabled || permissions.reach('person.decide', user.role) !== 'all') {
    const title = permissions.titles.get('person.decide')!;
    const parameters = { titleZh: title.zh, titleEn: title.en };
    throw new YibaoError({ definition: identityErrors.notAllowed, value: login, parameters });
  }
  return transaction(store, async (db) => {
    const given = { reviewId, decision, psnNo: options.person, reason: reason!, login: login! };
    const decided = await decideReview(db, given, Temporal.Now.instant());
    const subject = `${command} ${reviewId}`;
    const detail = { review: reviewId, decision, reason };
    await appendAudit(db, {
      login: login!,
      role: user.role,
      action: 'person.decide',
      subject,
      outcome: 'done',
      detail,
    });
    return decided;
  });
}
