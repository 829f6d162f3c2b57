import { findCodes, kindName, loadSet } from '#catalogue/codes/index.ts';
import type { Engine } from '#engine/duckdb.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { CodeSets } from '#policy/index.ts';
import { qualityErrors } from '../errors.ts';

const SIDES = [
  { side: 'diagnoses', catalogue: 'diagnosis', file: 'diagnosis_codes.csv' },
  { side: 'procedures', catalogue: 'procedure', file: 'procedure_codes.csv' },
] as const;

/**
 * Makes the code sets that area.yaml names part of `known_code`: a code is valid while it stands in the set in force on the
 * day of discharge. What the files of the area say of a code (dates, replacing code, kind, principal) goes before; codes that
 * only they have are the area's own. Source: docs/domain/quality.md#code-sets.
 * @param supplied gets the references that the sets stand for
 * @returns the content hash of each set, by name
 */
export async function loadCodeSets(
  engine: Engine,
  codeSets: CodeSets,
  supplied: Set<string>,
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  const problems: Problem[] = [];
  await engine.run(`CREATE OR REPLACE TABLE code_of_set (
    catalogue VARCHAR, code VARCHAR, name VARCHAR, valid_from DATE, valid_to DATE)`);
  for (const { side, catalogue, file } of SIDES) {
    const versions = codeSets[side] ?? [];
    const codes = new Map<string, { name: string | null; from: string | null; to: string | null }>();
    for (const [index, { from, name }] of versions.entries()) {
      try {
        const set = await loadSet(name);
        if (set.kind !== catalogue) {
          problems.push({
            definition: qualityErrors.wrongCodeSet,
            file: 'area.yaml',
            field: `code_sets.${side}`,
            value: name,
            parameters: { found: kindName(set.kind).zh, foundEn: kindName(set.kind).en },
          });
          continue;
        }
        hashes.set(name, findCodes(name).manifest.content_sha256);
        const next = versions[index + 1]?.from;
        const to = next ? Temporal.PlainDate.from(next).subtract({ days: 1 }).toString() : null;
        for (const entry of set.entries) {
          const known = codes.get(entry.code);
          codes.set(entry.code, {
            // of a code that was renamed no name can be held against a list
            name: known === undefined || known.name === entry.name ? entry.name : null,
            from: known === undefined ? (index === 0 ? null : from) : known.from,
            to,
          });
        }
      } catch (error) {
        if (!(error instanceof YibaoError)) throw error;
        problems.push(...error.problems);
      }
    }
    await engine.append(
      'code_of_set',
      [...codes].map(([code, { name, from, to }]) => [catalogue, code, name, from, to]),
    );
    if (versions.length > 0) for (const token of [file, `${file} code`, `${file} name`]) supplied.add(token);
  }
  if (problems.length > 0) throw new YibaoError(problems);
  await engine.run(`
    UPDATE known_code SET
      name = coalesce(known_code.name, s.name)
      , valid_from = coalesce(known_code.valid_from, s.valid_from)
      , valid_to = coalesce(known_code.valid_to, s.valid_to)
    FROM code_of_set AS s
    WHERE s.catalogue = known_code.catalogue AND upper(s.code) = upper(known_code.code);
    INSERT INTO known_code
    SELECT s.catalogue, s.code, s.name, s.valid_from, s.valid_to, NULL, NULL, NULL, NULL
    FROM code_of_set AS s
    WHERE NOT EXISTS (
      SELECT 1 FROM known_code AS k WHERE k.catalogue = s.catalogue AND upper(k.code) = upper(s.code))
    ORDER BY s.catalogue, s.code;
    DROP TABLE code_of_set`);
  return hashes;
}
