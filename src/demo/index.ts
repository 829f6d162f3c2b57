export { type DemoOptions, type DemoSummary, generateDemoArea } from './generate.ts';
