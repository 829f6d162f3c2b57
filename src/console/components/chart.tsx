import { BarChart, BoxplotChart, CustomChart, LineChart, SankeyChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { usePreferences } from '../preferences.tsx';
import { COLOUR, FONT_FAMILY } from '../theme.ts';

echarts.use([
  AriaComponent,
  BarChart,
  BoxplotChart,
  CustomChart,
  DataZoomComponent,
  GridComponent,
  LabelLayout,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  SVGRenderer,
  SankeyChart,
  ScatterChart,
  TooltipComponent,
]);

export type ChartOption = echarts.EChartsCoreOption;

/**
 * A chart as SVG: sharp on paper, with patterns beside the colours. `label` says in one sentence what it shows, for
 * people who do not see it; the table of the same figures stands on the same page.
 */
export function Chart(props: {
  readonly option: ChartOption;
  readonly label: string;
  readonly height?: number;
  /** a mark was clicked: opens the rows behind it */
  readonly onSelect?: (mark: { name: string; data: unknown; dataIndex: number }) => void;
}) {
  const { option, label, height = 320, onSelect } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts>(undefined);
  const select = useRef(onSelect);
  select.current = onSelect;
  const { brightness } = usePreferences();

  useEffect(() => {
    if (box.current === null) return;
    const made = echarts.init(box.current, brightness === 'dark' ? DARK : LIGHT, { renderer: 'svg' });
    chart.current = made;
    made.on('click', ({ name, data, dataIndex }) => select.current?.({ name, data, dataIndex }));
    made.on('rendered', () => {
      const drawing = box.current?.querySelector('svg');
      drawing?.setAttribute('viewBox', `0 0 ${made.getWidth()} ${made.getHeight()}`);
    });
    // on paper the drawing is scaled by its view box: drawn anew, it would find no height there
    const observer = new ResizeObserver(() => {
      if (!window.matchMedia('print').matches) made.resize();
    });
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, [brightness]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new brightness makes a new chart, which needs its option
  useEffect(() => {
    // as it is from the first: it may be printed at once
    chart.current?.setOption(
      {
        animation: false,
        aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
        ...option,
      },
      true,
    );
  }, [option, brightness]);

  return <div ref={box} role="img" aria-label={label} style={{ width: '100%', height }} />;
}

function chartTheme(ink: string, faint: string, grid: string) {
  const axis = {
    axisLabel: { color: ink },
    nameTextStyle: { color: faint },
    axisLine: { lineStyle: { color: faint } },
    axisTick: { lineStyle: { color: faint } },
    splitLine: { lineStyle: { color: grid } },
  };
  return {
    color: Object.values(COLOUR),
    backgroundColor: 'transparent',
    // a name the browser can measure with: labels are placed by it
    textStyle: { color: ink, fontFamily: FONT_FAMILY },
    legend: { textStyle: { color: ink } },
    categoryAxis: axis,
    valueAxis: axis,
    logAxis: axis,
    timeAxis: axis,
  };
}
const LIGHT = chartTheme('#1f2a37', '#525e6b', '#dde2e8');
const DARK = chartTheme('#e3e8ee', '#a9b4c0', '#37424e');
