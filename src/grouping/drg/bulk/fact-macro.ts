import { literal } from '#engine/duckdb.ts';
import { FACT_FIELDS, type Program } from '../program.ts';

/**
 * The SQL macro `drg_fact_no`: the numbers and texts of a list as one number, equal for lists that a scheme cannot
 * tell apart by them. Each fact is reduced to its class; the classes are the digits of a mixed radix.
 */
export function factMacro(program: Program): string {
  const terms: string[] = [];
  let weight = 1;
  for (const [index, { classes }] of program.facts.entries()) {
    if (classes > 1) terms.push(`${weight} * ${classExpression(program, index)}`);
    weight *= classes;
  }
  if (weight > Number.MAX_SAFE_INTEGER) throw new Error(`${weight} combinations of classes are too many`);
  const sum = terms.length === 0 ? '0' : terms.join('\n + ');
  return `CREATE OR REPLACE MACRO drg_fact_no(${FACT_FIELDS.join(', ')}) AS CAST(${sum} AS BIGINT)`;
}

function classExpression(program: Program, index: number): string {
  const field = FACT_FIELDS[index]!;
  const { limits, classOfInterval, values } = program.facts[index]!;
  if (limits.length === 0) {
    const cases = values.map((value, i) => `WHEN trim(${field}) = ${literal(value)} THEN ${i + 1}`);
    return `CASE ${cases.join(' ')} ELSE 0 END`;
  }
  const cases = limits.flatMap((limit, i) => [
    `WHEN ${field} < ${limit} THEN ${classOfInterval[2 * i]}`,
    `WHEN ${field} = ${limit} THEN ${classOfInterval[2 * i + 1]}`,
  ]);
  const missing = `WHEN ${field} IS NULL THEN ${classOfInterval.at(-1)}`;
  return `CASE ${missing} ${cases.join(' ')} ELSE ${classOfInterval[2 * limits.length]} END`;
}

/** The class of each fact, from the number that the macro makes of them. */
export function readFactNo(program: Program, factNo: number, into: Int32Array): void {
  let rest = factNo;
  for (const [index, { classes }] of program.facts.entries()) {
    into[index] = rest % classes;
    rest = Math.floor(rest / classes);
  }
}
