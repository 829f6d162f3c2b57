import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeMappingOf } from '#cli/code-mapping.ts';
import type { SimulateCommandOptions } from '#cli/simulate.ts';
import { readVersion } from '#cli/version.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { checkOutputFolder, writeFolder } from '#kernel/output-folder.ts';
import { createProgress, type Progress } from '#kernel/progress.ts';
import {
  type Base,
  checkScenarios,
  openBase,
  openScenario,
  readScenarioFile,
  type Scenario,
  Simulation,
  scenariosOfOptions,
} from '#payment/index.ts';
import { parsePolicyDate } from '#policy/index.ts';
import { keepOutcome, type SimulationComparison } from '#report/simulation/side.ts';
import { compareWithBase, forAll } from '#workflow/compare-with-base.ts';

/** Settles a year under each scenario and compares them with the year as it is. */
export async function runSimulate(
  areaFolder: string,
  options: SimulateCommandOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const scenarios = [
    ...(options.scenarios === undefined ? [] : readScenarioFile(options.scenarios)),
    ...scenariosOfOptions(options.set, options.scenario),
  ];
  checkScenarios(scenarios);
  const { out } = options;
  if (out !== undefined) {
    checkOutputFolder(out, [join(areaFolder, 'area.yaml'), join(areaFolder, 'settlement_lists')]);
  }
  const progress = createProgress(options.quiet || options.json ? { write() {} } : process.stderr);
  try {
    const base = await openBase({
      areaFolder,
      year: options.year,
      knownAt: options.knownAt === undefined ? undefined : parsePolicyDate(options.knownAt),
      codeMapping: codeMappingOf(options),
      skipBadFiles: options.skipBadFiles,
      language,
      progress,
      file: options.base,
      check: (opened) => forAll(scenarios, async (each) => void (await openScenario(opened, each))),
      whenSettled: keepOutcome,
      whenStale: (reason) => note(staleText(reason), language),
    });
    const comparison = await compareAll(base, scenarios, progress, language);
    if (out !== undefined) await writeAll(out, base, comparison, language);
    progress.done();
    if (options.json) {
      const { simulationData } = await import('#report/simulation/json.ts');
      process.stdout.write(`${JSON.stringify(simulationData(comparison), null, 2)}\n`);
    } else if (!options.quiet) {
      const { simulationLines } = await import('#report/simulation/summary.ts');
      process.stdout.write(simulationLines(comparison, language));
    }
    if (options.quiet || options.json) return;
    if (out !== undefined) {
      process.stdout.write(zh ? `\n结果已写入 ${out}\n` : `\nResults written to ${out}\n`);
    }
    if (base.isNew) note(keptText(base.file), language);
  } finally {
    progress.done();
  }
}

const note = (text: Text, language: Language) =>
  process.stderr.write(`${language === 'zh' ? '注意：' : 'Note: '}${text[language]}\n`);

const staleText = (reason: Text): Text => ({
  zh: `底稿已过时，重新结算：${reason.zh}`,
  en: `the base is out of date and the year is settled anew: ${reason.en}`,
});

const keptText = (file: string): Text => ({
  zh: `这一年的现行结果已存为底稿 ${file}，下次试算只重算有关的部分`,
  en: `the year as it is has been kept as the base ${file}; the next simulation does again only what it needs`,
});

async function compareAll(
  base: Base,
  scenarios: readonly Scenario[],
  progress: Progress,
  language: Language,
): Promise<SimulationComparison> {
  const simulation = await Simulation.open(base);
  try {
    return await compareWithBase(simulation, scenarios, ({ title }, share) =>
      progress.stage(title[language], share),
    );
  } finally {
    simulation.close();
  }
}

async function writeAll(
  out: string,
  base: Base,
  comparison: SimulationComparison,
  language: Language,
): Promise<void> {
  const { SIMULATION_FILES, writeSimulation } = await import('#report/simulation/files.ts');
  await writeFolder(out, async (folder) => {
    await writeSimulation(comparison, folder, language);
    const manifest = {
      yibao: readVersion(),
      area: comparison.area,
      language,
      policy_sha256: base.policySha256,
      inputs: base.inputs,
      simulation: comparison.sides.slice(1).map(({ id, changes }) => ({
        scenario: id,
        changes: changes.map(({ name, before, after, written }) => ({ name, before, after, written })),
      })),
      rows: Object.fromEntries(SIMULATION_FILES.map((file) => [file, 0])),
    };
    writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  });
}
