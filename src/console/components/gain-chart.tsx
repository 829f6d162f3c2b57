import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { chartTenThousandYuan, compareWhole, tenThousandYuan } from '../format.ts';
import { useText } from '../preferences.tsx';
import { GAIN, LOSS } from '../theme.ts';
import { Chart, type ChartOption } from './chart.tsx';

export type InstitutionGain = { readonly code: string; readonly name: string; readonly fen: bigint };

const SHOWN_AT_EACH_END = 10;

/** Who gains and who loses most, as bars; a bar opens its institution. */
export function GainChart(props: { readonly rows: readonly InstitutionGain[]; readonly label: string }) {
  const { rows, label } = props;
  const say = useText();
  const navigate = useNavigate();
  const ends = useMemo(
    () =>
      rows
        .toSorted((a, b) => compareWhole(a.fen, b.fen))
        .filter((_, index, all) => index < SHOWN_AT_EACH_END || index >= all.length - SHOWN_AT_EACH_END),
    [rows],
  );
  const option = useMemo<ChartOption>(() => {
    const unit = say({ zh: '万元', en: '10k yuan' });
    return {
      grid: { left: 8, right: 24, top: 8, bottom: 36, containLabel: true },
      tooltip: {
        trigger: 'axis',
        formatter: ([{ dataIndex }]: readonly [{ dataIndex: number }]) =>
          `${ends[dataIndex]!.name} ${tenThousandYuan(ends[dataIndex]!.fen)} ${unit}`,
      },
      xAxis: { type: 'value', name: unit, nameLocation: 'middle', nameGap: 28 },
      yAxis: {
        type: 'category',
        data: ends.map(({ name }) => name),
        axisLabel: { width: 150, overflow: 'truncate' },
      },
      series: [
        {
          type: 'bar',
          data: ends.map(({ fen }) => ({
            value: chartTenThousandYuan(fen),
            itemStyle: { color: fen >= 0n ? GAIN : LOSS },
          })),
        },
      ],
    };
  }, [ends, say]);
  return (
    <Chart
      option={option}
      height={Math.max(180, ends.length * 22 + 60)}
      label={label}
      onSelect={({ dataIndex }) => {
        const one = ends[dataIndex];
        if (one) navigate(`/institutions/${encodeURIComponent(one.code)}`);
      }}
    />
  );
}
