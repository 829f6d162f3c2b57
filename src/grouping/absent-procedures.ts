import type { Engine } from '#engine/duckdb.ts';
import type { Text } from '#kernel/locale.ts';

/** Unknown codes named in a note; the manifest has them all. */
const CODES_SHOWN_MAX = 5;

/**
 * Procedure codes of the lists that procedures.csv lacks, for the manifest. Reads `procedure_code`, `signature`.
 * @param listsOfSignature a SELECT of signature_no and lists
 */
export async function absentProcedures(
  engine: Engine,
  listsOfSignature = 'SELECT signature_no, count(*) AS lists FROM accepted_list GROUP BY signature_no',
): Promise<Readonly<Record<string, unknown>>> {
  const unknown = await engine.rows(`
    SELECT c.code, CAST(sum(a.lists) AS BIGINT) AS lists
    FROM procedure_code AS c
    JOIN signature AS s ON s.procedures = c.procedures
    JOIN (${listsOfSignature}) AS a ON a.signature_no = s.signature_no
    WHERE c.attribute IS NULL
    GROUP BY c.code ORDER BY c.code`);
  const codes = unknown.map((row) => ({ code: row.code, lists: Number(row.lists) }));
  return { procedures_absent_from_procedures_csv: codes };
}

/** The same as a note. */
export async function absentProcedureWarnings(engine: Engine): Promise<readonly Text[]> {
  const unknown = await engine.rows(
    'SELECT DISTINCT code FROM procedure_code WHERE attribute IS NULL ORDER BY code',
  );
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, CODES_SHOWN_MAX).map((row) => row.code);
  const more = unknown.length > CODES_SHOWN_MAX;
  return [
    {
      zh: `清单中有 ${unknown.length} 个手术操作编码不在 procedures.csv 中，不参与分组：${shown.join('、')}${more ? ' 等，全部见 manifest.json' : ''}`,
      en: `procedure codes of the lists that procedures.csv lacks take no part in grouping (${unknown.length}): ${shown.join(', ')}${more ? ' …, all of them in manifest.json' : ''}`,
    },
  ];
}
