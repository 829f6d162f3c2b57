import { type ThemeConfig, theme } from 'antd';
import type { Brightness } from './preferences.tsx';

/** Colours of Okabe and Ito, as in the reports: told apart with any colour vision and on grey paper. */
export const COLOUR = {
  blue: '#0072b2',
  orange: '#e69f00',
  sky: '#56b4e9',
  green: '#009e73',
  vermilion: '#d55e00',
  purple: '#cc79a7',
  grey: '#8c96a0',
} as const;

export const FONT_FAMILY =
  "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif";

/** Colours for gains and losses: blue and vermilion, never green and red. */
export const GAIN = COLOUR.blue;
export const LOSS = COLOUR.vermilion;

/** The cases that are cheap, ordinary and dear for their group, wherever they are drawn. */
export const DEVIATION_COLOUR: Readonly<Record<string, string>> = {
  low: COLOUR.sky,
  normal: COLOUR.grey,
  high: COLOUR.orange,
  extreme: COLOUR.vermilion,
};

export function antTheme(brightness: Brightness): ThemeConfig {
  const dark = brightness === 'dark';
  return {
    algorithm: dark ? [theme.darkAlgorithm, theme.compactAlgorithm] : [theme.compactAlgorithm],
    token: {
      motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      colorPrimary: dark ? '#3d9bd1' : '#00629c',
      colorInfo: dark ? '#3d9bd1' : '#00629c',
      colorLink: dark ? '#6cb8e6' : '#005a91',
      colorSuccess: dark ? '#2fb893' : '#00795a',
      colorWarning: dark ? '#e6a832' : '#8a5a00',
      colorError: dark ? '#f08a4b' : '#b34700',
      colorTextDescription: dark ? '#a9b4c0' : '#525e6b',
      colorTextSecondary: dark ? '#b8c2cc' : '#4a5562',
      colorTextTertiary: dark ? '#a9b4c0' : '#525e6b',
      colorTextPlaceholder: dark ? '#95a1ae' : '#66717e',
      fontSize: 14,
      borderRadius: 6,
      fontFamily: FONT_FAMILY,
    },
    components: {
      // dark text on the bright blue of dark pages
      Button: dark ? { primaryColor: '#04121c' } : {},
      Layout: { siderBg: dark ? '#10161d' : '#f4f7fa' },
      Menu: {
        itemSelectedBg: dark ? '#16364b' : '#dcebf5',
        itemSelectedColor: dark ? '#a6d8f7' : '#004a77',
      },
      Table: { cellFontSize: 13 },
    },
  };
}
