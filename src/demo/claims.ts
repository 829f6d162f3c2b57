import type { Row } from '#engine/duckdb.ts';
import { type Fen, fen } from '#kernel/money.ts';

/** What one institution claims for the current year in one scheme; fee and fund in fen. */
export type Claim = {
  readonly institutionCode: string;
  readonly insutype: 310 | 390;
  readonly lists: bigint;
  readonly fee: bigint;
  readonly fund: bigint;
  /** 0 … 999, the same for the same seed: decides assessment and audit. */
  readonly lot: number;
};

/** The claims of all files added up: lists of the current year may lie in several of them. */
export class Claims {
  readonly #claims = new Map<string, Claim>();

  /** @param rows of demo.claimed for one file */
  add(rows: readonly Row[]): void {
    for (const row of rows) {
      const key = `${row.fixmedins_code} ${row.insutype}`;
      const before = this.#claims.get(key);
      this.#claims.set(key, {
        institutionCode: String(row.fixmedins_code),
        insutype: Number(row.insutype) as 310 | 390,
        lists: (before?.lists ?? 0n) + BigInt(row.lists as bigint),
        fee: (before?.fee ?? 0n) + BigInt(row.fee as bigint),
        fund: (before?.fund ?? 0n) + BigInt(row.fund as bigint),
        lot: Number(row.lot),
      });
    }
  }

  /** By institution code, employees first. */
  sorted(): Claim[] {
    return [...this.#claims.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, claim]) => claim);
  }

  total(insutype: 310 | 390, field: 'lists' | 'fee' | 'fund'): bigint {
    return this.sorted().reduce((sum, claim) => sum + (claim.insutype === insutype ? claim[field] : 0n), 0n);
  }

  averageFee(insutype: 310 | 390): Fen {
    const lists = this.total(insutype, 'lists');
    return fen(lists === 0n ? 0n : this.total(insutype, 'fee') / lists);
  }
}
