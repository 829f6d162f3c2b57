import { BarChart, LineChart, SankeyChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { escapeHtml, type Html } from './html.ts';

// The library's development mode throws on rounding errors of its own axis arithmetic; a report must not fail of them.
process.env.NODE_ENV ||= 'production';

echarts.use([
  BarChart,
  LineChart,
  SankeyChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  LabelLayout,
  SVGRenderer,
]);

/** Colours of Okabe and Ito: told apart with any colour vision, and of different lightness on grey paper. */
export const COLOUR = {
  blue: '#0072b2',
  orange: '#e69f00',
  sky: '#56b4e9',
  green: '#009e73',
  vermilion: '#d55e00',
  purple: '#cc79a7',
  grey: '#8c96a0',
} as const;

/** Colours that follow the page: they become CSS variables, so that a dark screen gets light text. */
export const INK = '#1f2a37';
export const FAINT_INK = '#5b6774';
export const GRID = '#dde2e8';
const PAPER = '#fdfdfe';
const PAGE_COLOUR: readonly (readonly [string, string])[] = [
  [INK, 'var(--ink)'],
  [FAINT_INK, 'var(--faint-ink)'],
  [GRID, 'var(--grid)'],
  [PAPER, 'var(--paper)'],
];

const HATCH = 'rgba(255,255,255,0.75)';
/** Patterns beside the colours, for black-and-white printing. */
export const PATTERN = {
  stripes: { symbol: 'rect', color: HATCH, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
  dots: {
    symbol: 'circle',
    symbolSize: 0.8,
    color: HATCH,
    dashArrayX: [
      [6, 6],
      [0, 6, 6, 0],
    ],
    dashArrayY: [6, 0],
  },
  bars: { symbol: 'rect', color: HATCH, dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: Math.PI / 2 },
} as const;

export const FONT_PX = 13;
export const CHART_WIDTH = 920;

/** Styles shared by all axes. */
export const axisStyle = {
  axisLabel: { color: INK, fontSize: FONT_PX },
  nameTextStyle: { color: FAINT_INK, fontSize: FONT_PX },
  axisLine: { show: true, lineStyle: { color: FAINT_INK } },
  axisTick: { lineStyle: { color: FAINT_INK } },
  splitLine: { lineStyle: { color: GRID } },
} as const;

/** A label beside a mark: dark text with a paper-coloured rim, readable over lines. */
export const labelStyle = {
  color: INK,
  fontSize: FONT_PX - 1,
  textBorderColor: PAPER,
  textBorderWidth: 3,
} as const;

export type ChartInput = {
  /** Unique on the page; prefix of the ids inside the picture. */
  readonly id: string;
  readonly height: number;
  readonly width?: number;
  /** Said to those who cannot see the picture. */
  readonly label: string;
  readonly option: echarts.EChartsCoreOption;
};

/**
 * Draws a chart as inline SVG. The library numbers its ids through the life of the process and adds hooks for
 * scripts; both are removed, so that the same table gives the same bytes.
 */
export function renderChart({ id, height, width = CHART_WIDTH, label, option }: ChartInput): Html {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  let drawn: string;
  try {
    chart.setOption({
      animation: false,
      silent: true,
      textStyle: { color: INK, fontSize: FONT_PX },
      ...option,
    });
    drawn = chart.renderToSVGString();
  } finally {
    // a chart that is not disposed of keeps the process alive
    chart.dispose();
  }
  let svg = drawn
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/font-family:[^;"]*;?/g, '')
    .replace(/\bzr\d+-/g, `${id}-`)
    .replace(
      /^<svg[^>]*>/,
      `<svg class="chart" id="${id}" role="img" aria-label="${escapeHtml(label)}" xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    );
  for (const [colour, variable] of PAGE_COLOUR) svg = svg.replaceAll(`"${colour}"`, `"${variable}"`);
  return { html: svg };
}
