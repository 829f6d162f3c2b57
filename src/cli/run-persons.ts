import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { withDataStore } from '#cli/open-store.ts';
import type { PersonsImportOptions } from '#cli/persons.ts';
import { migrate } from '#engine/postgres/migrate.ts';
import type { Store } from '#engine/postgres/store.ts';
import { importPersons, readPersonRows, sourceName } from '#enrolment/index.ts';
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
