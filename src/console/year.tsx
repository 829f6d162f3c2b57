import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { read } from './client.ts';
import { useText } from './preferences.tsx';

/** A settlement run of a year, newest first; the console shows the newest finished one. */
export type AreaYear = {
  readonly area: string;
  readonly areaName: string;
  readonly year: number;
  /** the run whose figures are shown; null while the year has never been settled */
  readonly runId: string | null;
};

type Chosen = {
  readonly years: readonly AreaYear[];
  readonly current: AreaYear | undefined;
  readonly choose: (key: string) => void;
};

const YearContext = createContext<Chosen | undefined>(undefined);
const STORED = 'yibao.year';

/** Keeps the area and year all pages are about. */
export function YearProvider({ children }: { readonly children: ReactNode }) {
  const answer = useQuery({ queryKey: ['years'], queryFn: () => read<{ rows: AreaYear[] }>('/api/years') });
  const stored = useQuery({
    queryKey: ['chosen-year'],
    queryFn: () => localStorage.getItem(STORED),
    staleTime: 0,
  });
  const years = answer.data?.rows ?? [];
  const current = years.find((one) => keyOf(one) === stored.data) ?? years[0];
  const value = useMemo<Chosen>(
    () => ({
      years,
      current,
      choose: (key) => {
        localStorage.setItem(STORED, key);
        void stored.refetch();
      },
    }),
    [years, current, stored],
  );
  return <YearContext value={value}>{children}</YearContext>;
}

export function useYear(): Chosen {
  const chosen = useContext(YearContext);
  if (chosen === undefined) throw new Error('useYear outside of YearProvider');
  return chosen;
}

export function YearChooser() {
  const say = useText();
  const { years, current, choose } = useYear();
  if (current === undefined) return null;
  return (
    <Select
      aria-label={say({ zh: '统筹地区与年度', en: 'Pooling area and year' })}
      style={{ minWidth: 200 }}
      value={keyOf(current)}
      onChange={choose}
      options={years.map((one) => ({
        value: keyOf(one),
        label: `${one.areaName} · ${one.year}`,
      }))}
    />
  );
}

function keyOf(one: AreaYear): string {
  return `${one.area}/${one.year}`;
}
