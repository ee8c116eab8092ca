/** Colours and fonts. Only fonts that the machine has: nothing is loaded from anywhere. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const FONTS =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif';
const CYAN: MantineColorsTuple = [
  '#e3fafc',
  '#c5f6fa',
  '#99e9f2',
  '#66d9e8',
  '#3bc9db',
  '#22b8cf',
  '#15aabf',
  '#0f8296',
  '#0b7285',
  '#095c6b',
];

export const theme = createTheme({
  fontFamily: FONTS,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontFamily: FONTS, fontWeight: '600' },
  primaryColor: 'teal-blue',
  primaryShade: { light: 8, dark: 7 },
  colors: { 'teal-blue': CYAN },
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  autoContrast: true,
  luminanceThreshold: 0.35,
});

/** Colours of text that can be read on their grounds (WCAG AA): the library's are a little too pale. */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#6c757d',
    '--mantine-color-red-light-color': '#b02525',
    '--mantine-color-red-text': '#b02525',
    '--mantine-color-error': '#b02525',
    '--mantine-color-green-light-color': '#1c7430',
    '--mantine-color-green-text': '#1c7430',
    '--mantine-color-orange-light-color': '#a04006',
  },
  dark: {
    '--mantine-color-dimmed': '#a6a7ab',
    '--mantine-color-placeholder': '#909296',
    '--mantine-color-error': '#ff8787',
  },
});
