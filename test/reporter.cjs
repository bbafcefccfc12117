const { reporters } = require("mocha");

/** Mocha's own report, closed by one plain line that any continuous integration can read. */
module.exports = class PlainCount extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  }
};
