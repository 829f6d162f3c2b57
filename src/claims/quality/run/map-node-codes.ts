import { createMapper, type ListMapping, type MappedSide } from '#catalogue/codes/index.ts';
import type { Engine } from '#engine/duckdb.ts';
import { type ColumnMapping, mapColumn } from '../../list/map-column.ts';

/** What a mapping table did to the codes of the lists. */
export type NodeMapping = ColumnMapping & {
  readonly side: MappedSide;
  readonly table: string;
  readonly sha256: string;
};

const NODE_COLUMNS = {
  diagnoses: { node: 'diseinfo', column: 'diag_code' },
  procedures: { node: 'oprninfo', column: 'oprn_oprt_code' },
} as const;

/**
 * Maps the codes of the nodes before anything is checked; `written_code` keeps what was written where it changed. Only the
 * engine's own copy of the lists changes, never a file. Source: docs/domain/codes.md#checks.
 */
export async function mapNodeCodes(engine: Engine, mapping: ListMapping): Promise<NodeMapping[]> {
  await engine.run(
    'CREATE OR REPLACE TABLE written_code (place VARCHAR, item_no BIGINT, written VARCHAR, mapped VARCHAR)',
  );
  const done: NodeMapping[] = [];
  for (const side of ['diagnoses', 'procedures'] as const) {
    const table = mapping[side];
    if (table === undefined) continue;
    const { node, column } = NODE_COLUMNS[side];
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE code_before AS SELECT rowid AS item_no, ${column} AS written FROM ${node}_item`,
    );
    const counts = await mapColumn(engine, createMapper(table.pairs), `${node}_item`, column);
    await engine.run(
      `INSERT INTO written_code
       SELECT '${node}.${column}', b.item_no, m.written, m.mapped
       FROM code_before AS b JOIN column_mapping AS m ON m.written = b.written`,
    );
    done.push({ side, table: table.name, sha256: table.content_sha256, ...counts });
  }
  await engine.run('DROP TABLE IF EXISTS code_before');
  return done;
}

/** Findings about a mapped code show what was written and what it was mapped to. */
export const showWrittenCodes = (engine: Engine): Promise<void> =>
  engine.run(
    `UPDATE finding SET value = w.written || ' → ' || w.mapped
     FROM written_code AS w
     WHERE w.place = finding.place AND w.item_no = finding.item_no AND upper(finding.value) = upper(w.mapped)`,
  );
