import { DownloadOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Flex, Input, Select, Table, Typography } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import type { ReactNode, SyntheticEvent } from 'react';
import { useSearchParams } from 'react-router';
import { read, withQuery } from '../client.ts';
import { count, scaled, yuan } from '../format.ts';
import { useText } from '../preferences.tsx';
import { Refusal } from './page.tsx';

/** What every list of the service answers. */
export type ListAnswer<Row> = {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly page: number;
  readonly size: number;
};

export type Column<Row> = {
  readonly key: string;
  readonly title: string;
  /** `yuan`: integer fen; `scaled4`, `scaled8`: integers × 10⁴, × 10⁸; numbers stand to the right */
  readonly kind?: 'text' | 'yuan' | 'count' | 'scaled4' | 'scaled8';
  readonly sortable?: boolean;
  readonly width?: number;
  readonly fixed?: boolean;
  readonly render?: (row: Row) => ReactNode;
};

export type Filter =
  | {
      readonly key: string;
      readonly title: string;
      readonly options: readonly { value: string; label: string }[];
    }
  | { readonly key: string; readonly title: string; readonly search: true };

/**
 * A table whose rows the service pages, sorts and filters. Its state lives in the address, so that a view can be sent to
 * a colleague; `prefix` keeps two tables of one page apart. Every table exports what it shows, whole, as XLSX or CSV.
 */
export function DataTable<Row extends object>(props: {
  readonly path: string;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly filters?: readonly Filter[];
  readonly prefix?: string;
  readonly caption?: string;
  readonly empty?: ReactNode;
  readonly onOpen?: (row: Row) => void;
  readonly refetchInterval?: number;
  readonly extra?: ReactNode;
  /** rows of a page unless the reader chooses; 20 */
  readonly pageSize?: number;
}) {
  const { path, columns, rowKey, filters = [], prefix = '', caption, empty, onOpen, extra } = props;
  const say = useText();
  const [search, setSearch] = useSearchParams();
  const given = (name: string) => search.get(prefix + name) ?? undefined;
  const page = Number(given('page') ?? 1);
  const size = Number(given('size') ?? props.pageSize ?? 20);
  const sort = given('sort');
  const query = Object.fromEntries(filters.map((one) => [one.key, given(one.key)]));
  const change = (changes: Readonly<Record<string, string | undefined>>) => {
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined || value === '') next.delete(prefix + name);
          else next.set(prefix + name, value);
        }
        return next;
      },
      { replace: true },
    );
  };
  const address = withQuery(path, { ...query, sort });
  const answer = useQuery({
    queryKey: [path, query, sort, page, size],
    queryFn: ({ signal }) => read<ListAnswer<Row>>(withQuery(address, { page, size }), signal),
    placeholderData: keepPreviousData,
    ...(props.refetchInterval ? { refetchInterval: props.refetchInterval } : {}),
  });

  const shown: ColumnsType<Row> = columns.map((column) => ({
    key: column.key,
    title: column.title,
    ...(column.width ? { width: column.width } : {}),
    ...(column.fixed ? { fixed: 'left' as const } : {}),
    ...(numeric(column.kind) ? { align: 'right' as const, className: 'number' } : {}),
    sorter: column.sortable === true,
    ...(column.sortable ? { sortOrder: sortOrder(sort, column.key) } : {}),
    render: (_: unknown, row: Row) => column.render?.(row) ?? plain(column, row),
  }));

  return (
    <Flex vertical gap={8}>
      <Flex gap={8} wrap align="center" className="no-print">
        {filters.map((filter) =>
          'options' in filter ? (
            <Select
              key={filter.key}
              allowClear
              aria-label={filter.title}
              placeholder={filter.title}
              style={{ minWidth: 150 }}
              {...(given(filter.key) === undefined ? {} : { value: given(filter.key) })}
              options={[...filter.options]}
              onChange={(value?: string) => change({ [filter.key]: value, page: undefined })}
            />
          ) : (
            <Input.Search
              key={filter.key}
              allowClear
              aria-label={filter.title}
              placeholder={filter.title}
              style={{ width: 220 }}
              defaultValue={given(filter.key) ?? ''}
              onSearch={(value) => change({ [filter.key]: value, page: undefined })}
            />
          ),
        )}
        {extra}
        <span style={{ marginInlineStart: 'auto' }}>
          <ExportButton
            files={[
              { href: withQuery(address, { format: 'xlsx' }), label: 'Excel (.xlsx)' },
              { href: withQuery(address, { format: 'csv' }), label: 'CSV' },
            ]}
          />
        </span>
      </Flex>
      {answer.error ? (
        <Refusal error={answer.error} retry={answer.refetch} />
      ) : (
        <Table<Row>
          size="small"
          rowKey={rowKey}
          columns={shown}
          dataSource={[...(answer.data?.rows ?? [])]}
          loading={answer.isFetching && !answer.data}
          scroll={{ x: 'max-content' }}
          {...(caption ? { title: () => <Typography.Text strong>{caption}</Typography.Text> } : {})}
          locale={{
            emptyText: (
              <span style={{ color: 'var(--faint-ink)' }}>
                {answer.isPending ? ' ' : (empty ?? say({ zh: '没有符合条件的记录', en: 'No rows match' }))}
              </span>
            ),
          }}
          onRow={(row) =>
            onOpen
              ? {
                  onClick: (event) => {
                    if (isOfRow(event)) onOpen(row);
                  },
                  onKeyDown: (event) => {
                    if (event.key === 'Enter' && isOfRow(event)) onOpen(row);
                  },
                  tabIndex: 0,
                  style: { cursor: 'pointer' },
                }
              : {}
          }
          onChange={(_pages, _filters, sorter) => {
            const one = Array.isArray(sorter) ? sorter[0] : sorter;
            const key = one?.order ? String(one.columnKey) : undefined;
            change({ sort: key && (one?.order === 'descend' ? `-${key}` : key), page: undefined });
          }}
          pagination={{
            current: page,
            pageSize: size,
            total: answer.data?.total ?? 0,
            showSizeChanger: true,
            pageSizeOptions: [20, 50, 100, 200],
            showTotal: (total) => say({ zh: `共 ${count(total)} 条`, en: `${count(total)} rows` }),
            onChange: (next, nextSize) =>
              change({
                page: next === 1 ? undefined : String(next),
                size: nextSize === (props.pageSize ?? 20) ? undefined : String(nextSize),
              }),
          }}
        />
      )}
    </Flex>
  );
}

/** Not of a control in the row, nor of what such a control has opened. */
const isOfRow = ({ target, currentTarget }: SyntheticEvent): boolean =>
  target instanceof Element && currentTarget.contains(target) && target.closest('a, button') === null;

/** What is shown as files, each an ordinary link. */
export function ExportButton(props: {
  readonly files: readonly { readonly href: string; readonly label: string }[];
}) {
  const say = useText();
  return (
    <Dropdown
      className="no-print"
      menu={{
        items: props.files.map(({ href, label }) => ({ key: href, label: <a href={href}>{label}</a> })),
      }}
    >
      <Button icon={<DownloadOutlined />}>{say({ zh: '导出', en: 'Export' })}</Button>
    </Dropdown>
  );
}

function numeric(kind: Column<object>['kind']): boolean {
  return kind !== undefined && kind !== 'text';
}

function sortOrder(sort: string | undefined, key: string): 'ascend' | 'descend' | null {
  return sort === key ? 'ascend' : sort === `-${key}` ? 'descend' : null;
}

function plain<Row extends object>(column: Column<Row>, row: Row): ReactNode {
  const value = (row as Record<string, unknown>)[column.key] as string | number | null | undefined;
  if (value === null || value === undefined || value === '') return '–';
  switch (column.kind) {
    case 'yuan':
      return yuan(value);
    case 'count':
      return count(value);
    case 'scaled4':
      return scaled(value, 4);
    case 'scaled8':
      return scaled(value, 8);
    default:
      return String(value);
  }
}
