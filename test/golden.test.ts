/** What a demo month comes to under every profile, against the files that were reviewed: test/golden/<profile>/. */
import assert from 'node:assert/strict';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  GOLDEN_FOLDER,
  type GoldenFiles,
  goldenArea,
  goldenDifference,
  goldenFiles,
  goldenProfiles,
  reviewedFiles,
  WRITE_COMMAND,
} from './support/golden.ts';

const profiles = goldenProfiles();

describe('the demo month under every profile comes to the reviewed figures', () => {
  let area: string;
  before(async () => {
    area = await goldenArea();
  });
  after(() => rmSync(area, { recursive: true, force: true }));

  for (const profile of profiles) {
    test(profile.folder, async () => {
      const now = await goldenFiles(area, profile);
      const difference = goldenDifference(profile, reviewedFiles(profile), now);
      if (difference === '') return;
      assert.fail(`\n${difference}\nIf this is what is meant: ${WRITE_COMMAND}, and review it`);
    });
  }
});

test('every profile has its golden files, nine of them cities, and together they are small', () => {
  const folders = readdirSync(GOLDEN_FOLDER).filter((name) =>
    statSync(join(GOLDEN_FOLDER, name)).isDirectory(),
  );
  assert.deepEqual(folders.toSorted(), profiles.map(({ folder }) => folder).toSorted());
  assert.equal(profiles.filter(({ area }) => area !== undefined).length, 9);
  const bytes = readdirSync(GOLDEN_FOLDER, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(GOLDEN_FOLDER, name)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  assert.ok(bytes < 1_000_000, `${bytes} bytes`);
});

test('cities differ: no two of them but those of the common practice alone have the same figures', () => {
  const sameAs = (files: GoldenFiles) => JSON.stringify(files);
  const byFigures = Map.groupBy(
    profiles.filter(({ area }) => area !== undefined),
    (profile) => sameAs(reviewedFiles(profile)!),
  );
  const equal = [...byFigures.values()]
    .map((group) => group.map(({ area }) => area!))
    .filter(({ length }) => length > 1);
  // Yichang and Xianning are the common practice
  assert.deepEqual(equal, [['420500', '421200']]);
});

test('a difference is told by file, row and cell', () => {
  const [profile] = profiles;
  const reviewed = reviewedFiles(profile!)!;
  const text = reviewed['point_values.csv']!;
  const [header, first, ...rest] = text.trimEnd().split('\n');
  const changed = {
    ...reviewed,
    'point_values.csv': `${header}\n${first!.replace(/\d$/, 'X')}\n${rest.join('\n')}\n`,
  };
  const difference = goldenDifference(profile!, reviewed, changed);
  assert.match(difference, /^\S+\/point_values\.csv insutype=310: settlement_point_value [\d.]+ → [\d.]+X$/);
  const short = { ...reviewed, 'point_values.csv': `${header}\n${first}\n` };
  assert.match(goldenDifference(profile!, reviewed, short), /insutype=390: gone: 390,/);
});
