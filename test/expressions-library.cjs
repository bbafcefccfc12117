// An ES module, which TypeScript's output here cannot load.
exports.load = () => import("@actions/expressions");
