import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, test } from 'node:test';

const root = join(import.meta.dirname, '..');
const files = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path).replaceAll('\\', '/'))
    .filter((path) => statSync(join(root, path)).isFile());
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const sources = files('src');

/** Which modules a module may import. The order of the list is the direction: nobody imports what stands below. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  engine: ['kernel'],
  policy: ['kernel', 'engine'],
  catalogue: ['kernel', 'engine', 'policy'],
  claims: ['kernel', 'engine', 'policy', 'catalogue'],
  grouping: ['kernel', 'engine', 'policy', 'catalogue', 'claims'],
  payment: ['kernel', 'engine', 'policy', 'catalogue', 'claims', 'grouping'],
  evaluation: ['kernel', 'engine', 'policy', 'catalogue'],
  benefits: ['kernel', 'engine', 'policy'],
  enrolment: ['kernel', 'engine', 'policy', 'benefits'],
  fund: ['kernel', 'engine'],
  report: ['kernel', 'engine', 'policy'],
  demo: ['kernel', 'engine', 'catalogue'],
  identity: ['kernel', 'engine'],
  workflow: [
    'kernel',
    'engine',
    'policy',
    'catalogue',
    'claims',
    'grouping',
    'payment',
    'evaluation',
    'report',
    'demo',
    'enrolment',
  ],
  interface: ['kernel', 'engine', 'policy', 'catalogue', 'claims', 'payment', 'workflow'],
  visits: ['kernel', 'engine', 'policy', 'enrolment', 'benefits', 'fund', 'interface'],
  api: [
    'kernel',
    'engine',
    'policy',
    'catalogue',
    'payment',
    'evaluation',
    'report',
    'identity',
    'workflow',
    'interface',
    'benefits',
    'enrolment',
    'fund',
    'visits',
  ],
  cli: [
    'kernel',
    'engine',
    'policy',
    'catalogue',
    'claims',
    'grouping',
    'payment',
    'evaluation',
    'benefits',
    'report',
    'demo',
    'identity',
    'workflow',
    'interface',
    'enrolment',
    'fund',
    'visits',
    'api',
  ],
  console: ['api'],
};

describe('imports go one way', () => {
  for (const path of sources.filter((each) => /\.tsx?$/.test(each) && !/\.test\.tsx?$/.test(each))) {
    test(path, () => {
      const module = path.split('/')[1]!;
      for (const [, specifier] of read(path).matchAll(/from '([^']+)'/g)) {
        const target = specifier!.startsWith('#')
          ? specifier!.slice(1).split('/')[0]!
          : specifier!.startsWith('.')
            ? relative('src', join(dirname(path), specifier!)).split('/')[0]!
            : undefined;
        if (target === undefined || target === module) continue;
        assert.ok(MAY_IMPORT[module]?.includes(target), `${path} imports ${specifier}`);
        if (module === 'console')
          assert.match(specifier!, /^#api\/contract\//, `${path} imports ${specifier}`);
      }
    });
  }
});

describe('SQL files say what they are', () => {
  // scripts define macros and the tables that TypeScript fills
  const scripts = (path: string) =>
    /macros\/|migrations\//.test(path) || /CREATE (OR REPLACE )?(TABLE|MACRO)/.test(read(path));
  for (const path of sources.filter((each) => each.endsWith('.sql') && !scripts(each))) {
    test(path, () => {
      const text = read(path);
      const name = path.split('/').at(-1)!.replace('.sql', '');
      assert.match(
        text,
        new RegExp(`^-- (as: view\n-- )?(demo\\.)?${name}(: |\n)`),
        'the header begins with the name of the table',
      );
      for (const word of ['grain', 'reads'])
        assert.match(text, new RegExp(`^-- ${word}:`, 'm'), `no ${word} in the header`);
      const body = text.replaceAll(/--.*$/gm, '').replaceAll(/'[^']*'/g, "''");
      for (const banned of [
        /\bGROUP BY ALL\b/i,
        /\bQUALIFY\b/i,
        /\bEXCLUDE\b/i,
        /::/,
        /\bnow\(\)/i,
        /\brandom\(\)/i,
        /->/,
      ]) {
        assert.doesNotMatch(body, banned);
      }
    });
  }

  test('every link from a rule line reaches an anchor', () => {
    for (const path of sources.filter((each) => each.endsWith('.sql'))) {
      for (const [, page, anchor] of read(path).matchAll(/(docs\/[\w/-]+\.md)#([\w-]+)/g)) {
        assert.match(read(page!), new RegExp(`id="${anchor}"`), `${path} → ${page}#${anchor}`);
      }
    }
  });
});

describe('the project is one piece', () => {
  const everything = [
    ...sources,
    ...['test', 'docs', 'bench', 'policies', 'bin', '.ci'].flatMap(files),
    ...[
      'README.md',
      'README.zh-CN.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      'package.json',
      'package-lock.json',
    ],
  ].filter(
    (path) => !/\.(png|parquet|xlsx)$/.test(path) && !path.includes('.data/') && path !== 'test/tidy.test.ts',
  );

  test('nothing names a folder of some machine or a registry host', () => {
    for (const path of everything) {
      assert.doesNotMatch(read(path), /(^|[\s"'(=])\/(work|root|home|Users)\/|"resolved":/m, path);
    }
  });

  test('Date and floating randomness stay out of the rules', () => {
    for (const path of sources.filter(
      (each) =>
        /^src\/(kernel|policy|catalogue|claims|grouping|payment|evaluation|benefits)\/.*\.ts$/.test(each) &&
        !each.endsWith('.test.ts'),
    )) {
      assert.doesNotMatch(read(path), /new Date\(|Date\.now|Math\.random/, path);
    }
  });

  test('no folder is deeper than four levels below src', () => {
    for (const path of sources) assert.ok(path.split('/').length <= 6, path);
  });

  test('the error codes of all modules differ', () => {
    const codes = sources
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .flatMap((path) => [...read(path).matchAll(/\bcode: '([a-z-]+\.[a-z-]+)'/g)].map((match) => match[1]!));
    assert.deepEqual(
      codes.filter((code, index) => codes.indexOf(code) !== index),
      [],
    );
    assert.ok(codes.length > 30);
  });
});
