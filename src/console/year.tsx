import { useQuery } from '@tanstack/react-query';
import { Empty, Select, Skeleton } from 'antd';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { AreaYear } from '#api/contract/year.ts';
import { read } from './client.ts';
import { Page, Refusal } from './components/page.tsx';
import { useText } from './preferences.tsx';
import { useMay } from './session.tsx';

/** A year whose settlement is done. */
export type SettledYear = AreaYear & { readonly runId: number };

type Chosen = {
  readonly years: readonly AreaYear[];
  readonly current: AreaYear | undefined;
  readonly choose: (key: string) => void;
  readonly isPending: boolean;
  readonly error: unknown;
};

const YearContext = createContext<Chosen | undefined>(undefined);
const STORED = 'yibao.year';

/** Keeps the area and year all pages are about. */
export function YearProvider({ children }: { readonly children: ReactNode }) {
  const may = useMay();
  const answer = useQuery({
    queryKey: ['years'],
    queryFn: () => read<{ rows: AreaYear[] }>('/api/years'),
    // insured persons have nothing to do with payment years
    enabled: may('area.read'),
    // until a first settlement is there, look for it
    refetchInterval: (query) => (query.state.data?.rows.some((one) => one.runId !== null) ? false : 3_000),
  });
  const [stored, setStored] = useState(() => localStorage.getItem(STORED));
  const years = answer.data?.rows ?? NO_YEARS;
  const value = useMemo<Chosen>(
    () => ({
      years,
      current:
        years.find((one) => keyOf(one) === stored) ?? years.find((one) => one.runId !== null) ?? years[0],
      choose: (key) => {
        localStorage.setItem(STORED, key);
        setStored(key);
      },
      isPending: answer.isPending,
      error: answer.error,
    }),
    [years, stored, answer.isPending, answer.error],
  );
  return <YearContext value={value}>{children}</YearContext>;
}

const NO_YEARS: readonly AreaYear[] = [];

export function useYear(): Chosen {
  const chosen = useContext(YearContext);
  if (chosen === undefined) throw new Error('useYear outside of YearProvider');
  return chosen;
}

/** Shows a page of a settled year, or says what is missing. */
export function OfSettledYear({ children }: { readonly children: (year: SettledYear) => ReactNode }) {
  const say = useText();
  const { current, isPending, error } = useYear();
  if (error) return <Refusal error={error} />;
  if (isPending) return <Skeleton active />;
  if (current?.runId !== undefined && current.runId !== null) {
    return <>{children({ ...current, runId: current.runId })}</>;
  }
  return (
    <Page title={say({ zh: '还没有结算', en: 'Nothing settled yet' })}>
      <Empty
        image={Empty.PRESENTED_IMAGE_SIMPLE}
        description={
          <>
            {say({
              zh: '还没有结算完成的年度。导入地区文件夹并结算一个年度后，这里显示结果。',
              en: 'No year has been settled yet. Import an area folder and settle a year; the results appear here.',
            })}{' '}
            <Link to="/jobs">{say({ zh: '看任务', en: 'See the jobs' })}</Link>
          </>
        }
      />
    </Page>
  );
}

export function YearChooser() {
  const say = useText();
  const { years, current, choose } = useYear();
  if (current === undefined) return null;
  return (
    <Select
      aria-label={say({ zh: '统筹地区与年度', en: 'Pooling area and year' })}
      style={{ minWidth: 180 }}
      value={keyOf(current)}
      onChange={choose}
      options={years.map((one) => ({ value: keyOf(one), label: `${one.areaName} · ${one.year}` }))}
    />
  );
}

function keyOf(one: AreaYear): string {
  return `${one.areaId}/${one.year}`;
}
