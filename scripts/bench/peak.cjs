// Loaded into each process of a measured run: notes the most memory that it held, in KiB.
const { appendFileSync } = require("node:fs");

process.on("exit", () => {
  appendFileSync(process.env.KIBAN_BENCH_PEAKS, `${process.resourceUsage().maxRSS}\n`);
});
