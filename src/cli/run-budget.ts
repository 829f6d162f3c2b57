import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAreaTables } from '#catalogue/area-tables.ts';
import type { BudgetCommandOptions } from '#cli/budget.ts';
import { readVersion } from '#cli/version.ts';
import type { Language } from '#kernel/locale.ts';
import { checkOutputFolder, writeFolder } from '#kernel/output-folder.ts';
import { areaBudgets, budgetData, budgetFiles, clearingDeadline, renderBudgets } from '#payment/index.ts';
import { parsePolicyDate, resolveAreaPolicy } from '#policy/index.ts';

/** Prints the budgets of a year and, where asked for, writes them. */
export async function runBudget(
  areaFolder: string,
  options: BudgetCommandOptions,
  language: Language,
): Promise<void> {
  const { year, out } = options;
  if (out !== undefined) checkOutputFolder(out, [join(areaFolder, 'area.yaml')]);
  const tables = readAreaTables(areaFolder);
  const { policy } = resolveAreaPolicy(areaFolder, {
    year,
    knownAt: options.knownAt === undefined ? undefined : parsePolicyDate(options.knownAt),
  });
  const budgets = areaBudgets(areaFolder, tables, policy, year);
  const deadline = clearingDeadline(policy, year);
  if (out !== undefined) {
    const files = budgetFiles(budgets, year, language);
    await writeFolder(out, async (folder) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      // the file by which an output folder is known as one of ours
      const rows = Object.fromEntries(
        Object.entries(files).map(([name, text]) => [name, text.trimEnd().split('\n').length - 1]),
      );
      const inputs = [...tables.hashes, ...budgets.hashes].map(([file, sha256]) => ({ file, sha256 }));
      const manifest = { yibao: readVersion(), year, inputs, rows };
      writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    });
  }
  process.stdout.write(
    options.json
      ? `${JSON.stringify(budgetData(budgets, year, deadline), null, 2)}\n`
      : renderBudgets(budgets, year, deadline, language),
  );
}
