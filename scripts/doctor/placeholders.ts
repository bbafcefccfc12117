import { shippedIn } from "../init/shipped";
import { ok, wrong } from "./finding";
import type { Check } from "./patient";

/** Values that the repository comes with, and that are nobody's. */
export const placeholders: Check = {
  name: "placeholders",
  looksAt: "whether the stack's files still have values that the repository came with",
  run: ({ file, accountFile, place }) => {
    const name = `Pulumi.${place.stack}.yaml`;
    const found = Object.entries({ [name]: file, [`account/${name}`]: accountFile }).flatMap(([name, each]) =>
      shippedIn(each).map(({ path, value }) => `${name}: ${path}: ${value}`),
    );
    if (found.length === 0) return [ok("the files have no value of nobody's")];
    return found.map((line) =>
      wrong(
        `${line} is nobody's`,
        line.includes("anomalymonitor/")
          ? "set it to the account stack's output anomalyMonitorArn, or leave anomalies out until there is one"
          : "npm run init",
      ),
    );
  },
};
