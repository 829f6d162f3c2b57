/** One measurement in a process of its own: `measure.ts settle|floor <area-folder> <year>` prints a Measurement. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, literal } from '#engine/duckdb.ts';
import { settleYear, writeResults } from '#payment/index.ts';

export type Measurement = {
  readonly milliseconds: number;
  /** processor time of all threads, user and system: what other work on the machine distorts least */
  readonly cpuMilliseconds: number;
  /** largest resident set of the process */
  readonly peakMib: number;
  readonly stages: readonly { readonly name: string; readonly milliseconds: number }[];
};

const [what, folder, year] = process.argv.slice(2) as [string, string, string];

if (import.meta.main) {
  const engine = await Engine.open();
  const started = performance.now();
  const cpuStarted = process.cpuUsage();
  let stages: Measurement['stages'] = [];
  if (what === 'floor') {
    // the columns the settlement reads, all of them decoded; only the cost is added up
    await engine.rows(`
      SELECT fixmedins_code, sum(medfee_sumamt) AS cost, sum(fund_pay_sumamt) AS fund, count(setl_id), count(insutype),
        count(adm_time), count(dscg_time), count(diagnoses), count(procedures)
      FROM read_parquet(${literal(join(folder, 'settlement_lists', '*.parquet'))})
      GROUP BY fixmedins_code ORDER BY fixmedins_code`);
  } else {
    const out = mkdtempSync(join(tmpdir(), 'yibao-bench-'));
    const settlement = await settleYear(engine, { areaFolder: folder, year: Number(year) });
    const writing = performance.now();
    await writeResults(engine, settlement, out);
    stages = [...settlement.stages, { name: 'write', milliseconds: performance.now() - writing }];
    rmSync(out, { recursive: true });
  }
  const cpu = process.cpuUsage(cpuStarted);
  const measurement: Measurement = {
    milliseconds: performance.now() - started,
    cpuMilliseconds: (cpu.user + cpu.system) / 1000,
    peakMib: Math.round(process.resourceUsage().maxRSS / 1024),
    stages,
  };
  engine.close();
  process.stdout.write(JSON.stringify(measurement));
}
