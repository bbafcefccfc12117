import { UsageError } from "../plan/usage";
import { command, setOutputs } from "./command";
import { placeOf, purposes } from "./release/place";

/** `npm run place -- <stack>`: what a workflow has to know of a stack, read from its committed file. */
command(module, (args) => {
  const [stack, ...rest] = args;
  if (stack === undefined || rest.length > 0) throw new UsageError("usage: npm run place -- <stack>");
  const { account, region, backend, roles } = placeOf(process.cwd(), stack);
  const arns = Object.fromEntries(purposes.map((purpose) => [`${purpose}-role`, roles[purpose]]));
  setOutputs({ account, region, backend, ...arns });
  return Promise.resolve();
});
