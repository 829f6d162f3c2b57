import { Engine } from '#engine/duckdb.ts';
import { settleYear } from '#payment/index.ts';
const e = await Engine.open();
const c = process.cpuUsage(); const w = performance.now();
const s = await settleYear(e, { areaFolder: process.argv[2]!, year: 2025 });
const d = process.cpuUsage(c);
for (const st of s.stages) console.log(st.name.padEnd(10), (st.milliseconds/1000).toFixed(2));
console.log('wall', ((performance.now()-w)/1000).toFixed(1), 'cpu', ((d.user+d.system)/1e6).toFixed(1), 'rss', Math.round(process.resourceUsage().maxRSS/1024));
e.close();
