import type { Json } from '#claims/intake/index.ts';
import { refuse } from '../fault.ts';

const PAGE_ROWS_MAX = 1000;

/** Pages count from 1. @throws Refusal for a page before the first, or a size of none or more than a thousand rows */
export function pageOf(data: { readonly page_num: Json | undefined; readonly page_size: Json | undefined }): {
  readonly offset: number;
  readonly size: number;
} {
  const [page, size] = [Number(data.page_num), Number(data.page_size)];
  const wrong = (field: string, value: Json | undefined, zh: string, en: string) =>
    refuse(zh, en, { node: 'data', field, value: String(value) });
  if (!Number.isInteger(page) || page < 1) {
    throw wrong('page_num', data.page_num, '页码应从1起', 'pages count from 1');
  }
  if (!Number.isInteger(size) || size < 1 || size > PAGE_ROWS_MAX) {
    throw wrong(
      'page_size',
      data.page_size,
      `每页应为1至${PAGE_ROWS_MAX}行`,
      `a page has 1 to ${PAGE_ROWS_MAX} rows`,
    );
  }
  return { offset: (page - 1) * size, size };
}
