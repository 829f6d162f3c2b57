import { useQuery } from '@tanstack/react-query';
import { Empty, Select } from 'antd';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { read } from '../client.ts';
import { count } from '../format.ts';
import { useText } from '../preferences.tsx';
import { Answer } from './page.tsx';

/** Chooses one of the areas with insured persons; kept in the address as `area`. */
export function OfInsuredArea(props: { readonly children: (area: string, choice: ReactNode) => ReactNode }) {
  const say = useText();
  const [search, setSearch] = useSearchParams();
  const answer = useQuery({
    queryKey: ['/api/insured-areas'],
    queryFn: ({ signal }) =>
      read<{ rows: { area_code: string; persons: number }[] }>('/api/insured-areas', signal),
  });
  return (
    <Answer query={answer}>
      {({ rows }) => {
        const area = search.get('area') ?? rows[0]?.area_code;
        if (area === undefined) {
          return (
            <Empty
              image={Empty.PRESENTED_IMAGE_SIMPLE}
              description={say({
                zh: '还没有参保人：先用 yibao persons import 导入。',
                en: 'No insured persons yet: import them with `yibao persons import`.',
              })}
            />
          );
        }
        return props.children(
          area,
          <Select
            aria-label={say({ zh: '参保地', en: 'Insured area' })}
            value={area}
            style={{ width: 200 }}
            onChange={(value: string) =>
              setSearch(
                (before) => {
                  const next = new URLSearchParams(before);
                  next.set('area', value);
                  return next;
                },
                { replace: true },
              )
            }
            options={rows.map((one) => ({
              value: one.area_code,
              label: say({
                zh: `${one.area_code}（${count(one.persons)} 人）`,
                en: `${one.area_code} (${count(one.persons)} persons)`,
              }),
            }))}
          />,
        );
      }}
    </Answer>
  );
}
