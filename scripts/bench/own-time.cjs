// Loaded into the policy pack's process: keeps in a file how long its thread has been busy, in ms.
const { writeFileSync } = require("node:fs");

if (process.argv.some((argument) => argument.includes("run-policy-pack"))) {
  const note = () => writeFileSync(process.env.KIBAN_BENCH_OWN_TIME, String(performance.eventLoopUtilization().active));
  setInterval(note, 20).unref();
}
