/**
 * docs/guides/add-a-city.md as a reader follows it: every box with a title is a file that is written (or, marked `output`, one
 * that must have come out), every `sh` box is run, in the order of the page, in a copy of the project.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { parseYuan } from '#kernel/money.ts';
import { runCli, temporaryFolder } from './support/run-cli.ts';

const root = join(import.meta.dirname, '..');
const GUIDE = join(root, 'docs', 'guides', 'add-a-city.md');

type Box = {
  readonly language: string;
  readonly title: string | undefined;
  readonly isOutput: boolean;
  readonly text: string;
};

const boxes = [
  ...readFileSync(GUIDE, 'utf8').matchAll(/^```(\w+)(?: title=(\S+))?( output)?\n([\s\S]*?)^```$/gm),
].map(
  ([, language, title, output, text]): Box => ({
    language: language!,
    title,
    isOutput: output !== undefined,
    text: text!,
  }),
);

type Rows = readonly Readonly<Record<string, string>>[];
const rowsOf = (path: string): Rows => parse(readFileSync(path, 'utf8'), { columns: true }) as Rows;

test('the guide, step by step, ends with a settled city: every file written as it says, every command as it stands', async (t) => {
  const folder = temporaryFolder(t);
  for (const name of ['src', 'policies', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const cli = join(folder, 'src', 'cli', 'main.ts');
  const environment = { YIBAO_DATA: join(folder, 'imported') };
  const commands: string[] = [];
  for (const { language, title, isOutput, text } of boxes) {
    if (language === 'sh') {
      for (const line of text.trim().split('\n')) {
        const [program, ...argv] = line.split(' ');
        assert.equal(program, 'yibao', line);
        const run = await runCli(argv, { environment, folder, cli });
        assert.equal(run.exit, 0, `${line}\n${run.stderr}`);
        commands.push(argv[0] === 'catalogue' || argv[0] === 'policy' ? `${argv[0]} ${argv[1]}` : argv[0]!);
      }
    } else if (isOutput) {
      const rows = rowsOf(join(folder, title!)).map(({ explanation, ...row }) => {
        assert.ok(explanation, 'each case says why');
        return row;
      });
      assert.deepEqual(rows, parse(text, { columns: true }));
    } else {
      assert.ok(title, `a box without a title: ${text.slice(0, 60)}`);
      mkdirSync(dirname(join(folder, title)), { recursive: true });
      writeFileSync(join(folder, title), text);
    }
  }
  assert.deepEqual(
    commands,
    'demo,catalogue import,catalogue show,catalogue build,catalogue import,policy explain,group,policy explain,policy diff,settle,explain,preview,catalogue diff'.split(
      ',',
    ),
  );

  const result = (name: string) => rowsOf(join(folder, '结果', '2025', name));
  const sum = (rows: Rows, column: string) =>
    rows.reduce((total, row) => total + parseYuan(row[column]!)!, 0n);
  for (const { insutype, budget } of result('point_values.csv')) {
    const own = (rows: Rows) => rows.filter((row) => row.insutype === insutype);
    const paid = sum(own(result('clearing.csv')), 'result') + sum(own(result('residual.csv')), 'residual');
    assert.equal(paid, parseYuan(budget!));
  }
  const steps = new Set(result('clearing_steps.csv').map(({ step }) => step));
  for (const step of ['bands', 'assessment', 'audit']) assert.ok(steps.has(step), step);
  assert.ok(result('cases.csv').some(({ deviation }) => deviation === 'high'));
  const manifest = JSON.parse(readFileSync(join(folder, '结果', '2025', 'manifest.json'), 'utf8'));
  assert.equal(manifest.group_catalogue.name, '东湖-2025');
  assert.ok(existsSync(join(folder, '结果', '2025', 'report.html')));
});
